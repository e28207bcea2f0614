// The floor of the message path: a C program on rcl that takes an image or a scan as bytes (CDR), publishes a decision
// with the same stamp as bytes, and does nothing else. What a node costs beyond this is its own.
//
//   floor_node NAME DECISION SENSOR     subscribes to NAME/SENSOR (image, scan), publishes NAME/decision; DECISION is
//                                       one in CDR, in hexadecimal
#include <rcl/error_handling.h>
#include <rcl/rcl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <rosidl_runtime_c/message_type_support_struct.h>

const rosidl_message_type_support_t *rosidl_typesupport_c__get_message_type_support_handle__sensor_msgs__msg__Image(void);
const rosidl_message_type_support_t *
rosidl_typesupport_c__get_message_type_support_handle__sensor_msgs__msg__LaserScan(void);
const rosidl_message_type_support_t *rosidl_typesupport_c__get_message_type_support_handle__topspark_msgs__msg__Decision(
    void);

// Seconds and nanoseconds, after the four bytes of the encapsulation.
enum { stamp_at = 4, stamp_size = 8 };

static volatile sig_atomic_t stopped = 0;

static void stop(int number) {
  (void)number;
  stopped = 1;
}

static void check(rcl_ret_t code, const char *what) {
  if (code == RCL_RET_OK) return;
  fprintf(stderr, "floor_node: %s: %s\n", what, rcl_get_error_string().str);
  _exit(1);
}

static size_t read_hex(const char *text, uint8_t *bytes, size_t most) {
  size_t length = 0;
  unsigned value;
  while (length < most && sscanf(text + 2 * length, "%2x", &value) == 1) bytes[length++] = (uint8_t)value;
  return length;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  rcl_allocator_t allocator = rcl_get_default_allocator();
  rcl_init_options_t options = rcl_get_zero_initialized_init_options();
  check(rcl_init_options_init(&options, allocator), "options");
  rcl_context_t context = rcl_get_zero_initialized_context();
  check(rcl_init(0, NULL, &options, &context), "init");
  rcl_node_t node = rcl_get_zero_initialized_node();
  rcl_node_options_t node_options = rcl_node_get_default_options();
  node_options.enable_rosout = false;
  check(rcl_node_init(&node, argv[1], "", &context, &node_options), "node");

  char topic[256];
  rcl_subscription_t messages = rcl_get_zero_initialized_subscription();
  rcl_subscription_options_t hearing = rcl_subscription_get_default_options();
  hearing.qos = rmw_qos_profile_sensor_data;
  snprintf(topic, sizeof topic, "%s/%s", argv[1], argv[3]);
  const rosidl_message_type_support_t *type =
      strcmp(argv[3], "scan") == 0
          ? rosidl_typesupport_c__get_message_type_support_handle__sensor_msgs__msg__LaserScan()
          : rosidl_typesupport_c__get_message_type_support_handle__sensor_msgs__msg__Image();
  check(rcl_subscription_init(&messages, &node, type, topic, &hearing), "subscription");
  rcl_publisher_t decisions = rcl_get_zero_initialized_publisher();
  rcl_publisher_options_t telling = rcl_publisher_get_default_options();
  snprintf(topic, sizeof topic, "%s/decision", argv[1]);
  check(rcl_publisher_init(&decisions, &node,
                           rosidl_typesupport_c__get_message_type_support_handle__topspark_msgs__msg__Decision(), topic,
                           &telling),
        "publisher");

  static uint8_t bytes[65536];
  rcl_serialized_message_t answer = rmw_get_zero_initialized_serialized_message();
  answer.buffer = bytes;
  answer.buffer_length = answer.buffer_capacity = read_hex(argv[2], bytes, sizeof bytes);
  answer.allocator = allocator;
  rcl_serialized_message_t message = rmw_get_zero_initialized_serialized_message();
  check(rmw_serialized_message_init(&message, 1024, &allocator), "buffer");
  rcl_wait_set_t waiting = rcl_get_zero_initialized_wait_set();
  check(rcl_wait_set_init(&waiting, 1, 0, 0, 0, 0, 0, &context, allocator), "wait set");
  signal(SIGINT, stop);
  signal(SIGTERM, stop);
  while (!stopped) {
    check(rcl_wait_set_clear(&waiting), "wait set");
    check(rcl_wait_set_add_subscription(&waiting, &messages, NULL), "wait set");
    rcl_ret_t code = rcl_wait(&waiting, RCL_S_TO_NS(1));
    if (code == RCL_RET_TIMEOUT) continue;
    check(code, "wait");
    while (rcl_take_serialized_message(&messages, &message, NULL, NULL) == RCL_RET_OK) {
      memcpy(bytes + stamp_at, message.buffer + stamp_at, stamp_size);
      check(rcl_publish_serialized_message(&decisions, &answer, NULL), "publish");
    }
    rcl_reset_error();
  }
  check(rcl_publisher_fini(&decisions, &node), "publisher");
  check(rcl_subscription_fini(&messages, &node), "subscription");
  check(rcl_node_fini(&node), "node");
  check(rcl_shutdown(&context), "shutdown");
  return 0;
}
