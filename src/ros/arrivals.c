// Takes messages without a waiting thread, and publishes them without rclnodejs's wrappers. The middleware calls this addon when a message has arrived. The addon wakes
// the event loop, which takes the message into reused memory. rclnodejs waits in a thread on a set of all entities of
// the node, and fills that set again for each message. Without both, a message takes 11 % (30 Hz) to 29 % (200 Hz) less
// CPU time (docs/benchmarks.md).
//
// learn(handle)                        finds where rclnodejs's handles store their pointer; consumes the handle, which
//                                      must be that of a time point
// listen(subscription, slot, arrived)  calls arrived() when messages arrive from now on, or have arrived before;
//                                      arrived() returns whether there was a message, and must not throw
// ignore(slot)                         ends that: no call follows its return; call it before the subscription is
//                                      destroyed
// take(subscription, bytes)            takes the next message into `bytes` and returns its length; returns a Buffer
//                                      with the message if `bytes` is too small, -1 if there is none
// publish(publisher, bytes, length)    publishes the first bytes of a Buffer as a message; throws where the middleware
//                                      refuses it, or where the publisher was destroyed
//
// It uses only N-API and rcl's C interface, so that one build works with every version of Node.js.
#define NAPI_VERSION 8
#include <node_api.h>
#include <rcl/error_handling.h>
#include <rcl/publisher.h>
#include <rcl/subscription.h>
#include <rcl/time.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { slots = 64, looked_at = 16, any_number = 1 << 20 };

static struct slot {
  /** NULL: the slot is free. */
  rcl_subscription_t *subscription;
  napi_ref call;
  /** Messages that have arrived since the event loop last looked. */
  atomic_size_t arrived;
} heard[slots];

/** Index of the word of a handle that is its pointer; 0: not known, since word 0 is the class's own. */
static size_t pointer_at = 0;
static napi_threadsafe_function wake = NULL;
/** Whether the event loop was woken and has not looked yet. */
static atomic_bool woken = false;

static napi_value fail(napi_env env, const char *what) {
  napi_throw_error(env, NULL, what);
  return NULL;
}

static size_t arguments(napi_env env, napi_callback_info info, napi_value *given, size_t most) {
  size_t count = most;
  return napi_get_cb_info(env, info, &count, given, NULL, NULL) == napi_ok && count >= most ? count : 0;
}

/** Returns the pointer in a handle of rclnodejs; NULL: it was released, or its position is not known. */
static void *pointer_of(napi_env env, napi_value handle) {
  void **object = NULL;
  if (pointer_at == 0 || napi_unwrap(env, handle, (void **)&object) != napi_ok) return NULL;
  return object[pointer_at];
}

/**
 * Finds the pointer of a handle by calling `dismiss`, which clears the pointer and changes nothing else: it is the word
 * that became NULL.
 */
static napi_value learn(napi_env env, napi_callback_info info) {
  napi_value handle, dismiss, known;
  void **object = NULL, *before[looked_at];
  if (arguments(env, info, &handle, 1) == 0 || napi_unwrap(env, handle, (void **)&object) != napi_ok ||
      napi_get_named_property(env, handle, "dismiss", &dismiss) != napi_ok)
    return fail(env, "not a handle of rclnodejs");
  memcpy(before, object, sizeof before);
  if (napi_call_function(env, handle, dismiss, 0, NULL, NULL) != napi_ok) return NULL;
  size_t at = 0, changes = 0;
  for (size_t word = 1; word < looked_at; word++)
    if (object[word] != before[word] && ++changes && object[word] == NULL) at = word;
  if (changes == 1 && at != 0) {
    pointer_at = at;
    free(before[at]);
  }
  napi_get_boolean(env, pointer_at != 0, &known);
  return known;
}

/** Counts messages and wakes the event loop. The middleware calls it in its own threads. */
static void arrive(const void *user, size_t number) {
  struct slot *slot = (struct slot *)user;
  atomic_fetch_add(&slot->arrived, number);
  if (!atomic_exchange(&woken, true)) napi_call_threadsafe_function(wake, NULL, napi_tsfn_nonblocking);
}

/** Takes one message of each subscription, so that none makes the others wait. Wakes the loop again if more wait. */
static void look(napi_env env, napi_value none, void *context, void *data) {
  (void)none;
  (void)context;
  (void)data;
  atomic_store(&woken, false);
  napi_value self, call, result;
  if (env == NULL || napi_get_undefined(env, &self) != napi_ok) return;
  for (struct slot *slot = heard; slot < heard + slots; slot++) {
    size_t number = atomic_exchange(&slot->arrived, 0);
    bool taken = false;
    if (number == 0 || slot->subscription == NULL) continue;
    if (napi_get_reference_value(env, slot->call, &call) != napi_ok) continue;
    if (napi_call_function(env, self, call, 0, NULL, &result) != napi_ok) return;
    napi_get_value_bool(env, result, &taken);
    if (taken && number > 1 && slot->subscription != NULL) arrive(slot, number - 1);
  }
}

static struct slot *slot_of(napi_env env, napi_value value) {
  uint32_t at = slots;
  return napi_get_value_uint32(env, value, &at) == napi_ok && at < slots ? &heard[at] : NULL;
}

/** Creates the function that wakes the event loop from other threads. Only the node keeps the process alive. */
static bool wakeable(napi_env env) {
  napi_value name;
  if (wake != NULL) return true;
  return napi_create_string_utf8(env, "topspark arrivals", NAPI_AUTO_LENGTH, &name) == napi_ok &&
         napi_create_threadsafe_function(env, NULL, NULL, name, 0, 1, NULL, NULL, NULL, look, &wake) == napi_ok &&
         napi_unref_threadsafe_function(env, wake) == napi_ok;
}

static void forget(napi_env env, struct slot *slot) {
  slot->subscription = NULL;
  napi_delete_reference(env, slot->call);
  rcl_reset_error();
}

static napi_value listen(napi_env env, napi_callback_info info) {
  napi_value given[3], done;
  if (arguments(env, info, given, 3) == 0) return fail(env, "expected a subscription, a slot and a function");
  rcl_subscription_t *subscription = pointer_of(env, given[0]);
  struct slot *slot = slot_of(env, given[1]);
  bool listening = false;
  if (subscription != NULL && slot != NULL && slot->subscription == NULL && wakeable(env) &&
      napi_create_reference(env, given[2], 1, &slot->call) == napi_ok) {
    atomic_store(&slot->arrived, 0);
    slot->subscription = subscription;
    listening = rcl_subscription_set_on_new_message_callback(subscription, arrive, slot) == RCL_RET_OK;
    // The middleware does not report earlier messages again, nor those that it reported and nobody took: take until
    // none is left.
    if (listening) arrive(slot, any_number);
    else forget(env, slot);
  }
  napi_get_boolean(env, listening, &done);
  return done;
}

static napi_value ignore(napi_env env, napi_callback_info info) {
  napi_value given;
  struct slot *slot = arguments(env, info, &given, 1) == 0 ? NULL : slot_of(env, given);
  if (slot == NULL || slot->subscription == NULL) return NULL;
  if (rcl_subscription_set_on_new_message_callback(slot->subscription, NULL, NULL) != RCL_RET_OK) rcl_reset_error();
  forget(env, slot);
  return NULL;
}

// JavaScript owns the memory that a message is taken into, so it is never freed or resized here. If it is too small,
// the message gets new memory.
static void *allocate(size_t size, void *state) {
  (void)state;
  return malloc(size);
}

static void *allocate_zeros(size_t number, size_t size, void *state) {
  (void)state;
  return calloc(number, size);
}

static void release(void *memory, void *state) {
  if (memory != state) free(memory);
}

static void *reallocate(void *memory, size_t size, void *state) {
  return memory == state ? malloc(size) : realloc(memory, size);
}

static napi_value take(napi_env env, napi_callback_info info) {
  napi_value given[2], result = NULL;
  void *bytes = NULL;
  size_t length = 0;
  if (arguments(env, info, given, 2) == 0 || napi_get_buffer_info(env, given[1], &bytes, &length) != napi_ok)
    return fail(env, "expected a subscription and a Buffer");
  rcl_subscription_t *subscription = pointer_of(env, given[0]);
  rcl_serialized_message_t message = {
      .buffer = bytes,
      .buffer_capacity = length,
      .allocator = {allocate, release, reallocate, allocate_zeros, bytes},
  };
  rcl_ret_t code = RCL_RET_SUBSCRIPTION_TAKE_FAILED;
  if (subscription != NULL) code = rcl_take_serialized_message(subscription, &message, NULL, NULL);
  if (code == RCL_RET_OK && message.buffer != bytes) {
    napi_create_buffer_copy(env, message.buffer_length, message.buffer, NULL, &result);
  } else if (code == RCL_RET_OK) {
    napi_create_uint32(env, (uint32_t)message.buffer_length, &result);
  } else if (code == RCL_RET_SUBSCRIPTION_TAKE_FAILED) {
    rcl_reset_error();
    napi_create_int32(env, -1, &result);
  } else {
    fail(env, rcl_get_error_string().str);
    rcl_reset_error();
  }
  if (message.buffer != bytes) free(message.buffer);
  return result;
}

static napi_value publish(napi_env env, napi_callback_info info) {
  napi_value given[3];
  void *bytes = NULL;
  size_t held = 0;
  uint32_t length = 0;
  if (arguments(env, info, given, 3) == 0 || napi_get_buffer_info(env, given[1], &bytes, &held) != napi_ok ||
      napi_get_value_uint32(env, given[2], &length) != napi_ok || length > held)
    return fail(env, "expected a publisher, a Buffer and a length within it");
  rcl_publisher_t *publisher = pointer_of(env, given[0]);
  if (publisher == NULL) return fail(env, "the publisher was destroyed");
  // The middleware reads the bytes and has copied or sent them when it returns. It needs no allocator for that.
  rcl_serialized_message_t message = {
      .buffer = bytes,
      .buffer_length = length,
      .buffer_capacity = held,
      .allocator = {allocate, release, reallocate, allocate_zeros, bytes},
  };
  if (rcl_publish_serialized_message(publisher, &message, NULL) != RCL_RET_OK) {
    fail(env, rcl_get_error_string().str);
    rcl_reset_error();
  }
  return NULL;
}

NAPI_MODULE_INIT() {
  const struct {
    const char *name;
    napi_callback call;
  } functions[] = {{"learn", learn}, {"listen", listen}, {"ignore", ignore}, {"take", take},
                   {"publish", publish}};
  for (size_t at = 0; at < sizeof functions / sizeof *functions; at++) {
    napi_value function;
    napi_create_function(env, functions[at].name, NAPI_AUTO_LENGTH, functions[at].call, NULL, &function);
    napi_set_named_property(env, exports, functions[at].name, function);
  }
  return exports;
}
