// The encoders of sensors in plain C: the same arithmetic in the same order, without checks. Codes of a number are
// tables, as in src/sensing/motion/population-code.ts; they are read from a file.
//
//   sensors TABLES       reads lines such as `scan N`, encodes N messages, prints CPU time [µs each] and a checksum
//
// The inputs are made here and in sensors.mjs by the same generator, so the checksums must agree.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { beams = 720, sectors = 36, cells = 8, scans = 16, steps = 2048 };
enum { window = 100, axes = 6, motion_cells = 12 };
enum { distances = 16, points = 2048, point_numbers = 4, circle = 32, rings = 12, vector = 64 };
enum { camera = 128, events = 10000, side = 28, busiest = 30 };
enum { width = 640, height = 480, colours = 3 };

static uint8_t distance_table[(steps + 1) * cells], motion_table[(steps + 1) * motion_cells];
static float ranges[scans][beams];
static double motion[window][axes];
static float distance[distances], cloud[points][point_numbers], values[vector];
static uint32_t address[events];
static uint8_t picture[height][width][colours];

// Numbers in 0..1 with 24 bits, drawn as in sensors.mjs.
static uint32_t state = 1;
static double draw(void) {
  state = state * 1664525u + 1013904223u;
  return (state >> 8) / 16777216.0;
}

static void code(const uint8_t *table, int width, double u, uint8_t *into) {
  u = u < 0 ? 0 : u > 1 ? 1 : u;
  memcpy(into, table + (size_t)floor(u * steps + 0.5) * width, width);
}

// ln x as in src/base/deterministic-functions.ts.
static double ln(double x) {
  double mantissa = x;
  int doublings = 0;
  for (; mantissa > 1.4142135623730951; mantissa /= 2) doublings++;
  for (; mantissa < 0.7071067811865476; mantissa *= 2) doublings--;
  double z = (mantissa - 1) / (mantissa + 1), sum = 0;
  for (int term = 23; term >= 1; term -= 2) sum = sum * z * z + 1.0 / term;
  return doublings * 0.6931471805599453 + 2 * z * sum;
}

static void code_distance(double r, double near, double far, uint8_t *into) {
  double d = fmin(far, fmax(near, r));
  code(distance_table, cells, (1 / near - 1 / d) / (1 / near - 1 / far), into);
  code(distance_table, cells, ln(d / near) / ln(far / near), into + cells);
}

static int ascending(const void *a, const void *b) {
  double one = *(const double *)a, other = *(const double *)b;
  return (one > other) - (one < other);
}

static void encode_scan(int k, uint8_t *into) {
  const float *scan = ranges[k % scans];
  static double heard[sectors][beams];
  int counts[sectors] = {0};
  double medians[sectors];
  const double near = 0.2, far = 10, range_max = 12;
  for (int i = 0; i < beams; i++) {
    double r = scan[i];
    if (!(r >= 0.1)) continue;
    int sector = (i / (beams / sectors) + sectors / 2) % sectors;
    heard[sector][counts[sector]++] = r <= range_max ? r : INFINITY;
  }
  for (int s = 0; s < sectors; s++) {
    qsort(heard[s], counts[s], sizeof(double), ascending);
    medians[s] = heard[s][(counts[s] - 1) >> 1];
  }
  int first = 0;
  double most = -1;
  for (int s = 0; s < sectors; s++) {
    double free = fmin(medians[(s + sectors - 1) % sectors], range_max) + 2 * fmin(medians[s], range_max) +
                  fmin(medians[(s + 1) % sectors], range_max);
    if (free > most) most = free, first = s;
  }
  for (int k = 0; k < sectors; k++)
    code_distance(medians[(first + k) % sectors], near, far, into + 2 * k * cells);
}

static void encode_motion(int message, uint8_t *into) {
  (void)message;
  static const double limits[axes] = {20, 20, 20, 5, 5, 5};
  for (int axis = 0; axis < axes; axis++) {
    double mean = 0, variance = 0;
    int crossings = 0;
    for (int k = 0; k < window; k++) mean += motion[k][axis] / window;
    for (int k = 0; k < window; k++) {
      double apart = motion[k][axis] - mean;
      variance += apart * apart / window;
      if (k > 0 && (motion[k][axis] >= mean) != (motion[k - 1][axis] >= mean)) crossings++;
    }
    uint8_t *at = into + 3 * axis * motion_cells;
    code(motion_table, motion_cells, (mean / limits[axis] + 1) / 2, at);
    code(motion_table, motion_cells, sqrt(sqrt(variance) / limits[axis]), at + motion_cells);
    code(motion_table, motion_cells, crossings / (window - 1.0), at + 2 * motion_cells);
  }
}

static void encode_range(int k, uint8_t *into) { code_distance(distance[k % distances], 0.05, 5, into); }

static double unrolled(double x, double y) {
  double up = y / (fabs(x) + fabs(y));
  return x < 0 ? 2 - up : y < 0 ? 4 + up : up;
}

enum { slots = 1024 };
static double direction_ends[circle], ring_ends[rings];
static int first_of_slot[slots + 1];

static void prepare_points(double near, double far) {
  for (int k = 0; k < circle; k++) {
    double angle = 2 * M_PI * (k + 1) / circle;
    direction_ends[k] = k + 1 == circle ? 4 : unrolled(cos(angle), cos(angle - M_PI / 2));
  }
  for (int slot = 0; slot <= slots; slot++) {
    int k = 0;
    while (!(direction_ends[k] > 4.0 * slot / slots || direction_ends[k] == 4)) k++;
    first_of_slot[slot] = k < circle ? k : circle - 1;
  }
  for (int k = 0; k < rings; k++) {
    double end = near * pow(far / near, (k + 1.0) / rings);
    ring_ends[k] = end * end;
  }
}

static void encode_points(int message, uint8_t *into) {
  (void)message;
  const double near = 0.3, far = 20, low = -0.5, high = 2;
  static double counts[rings][circle], nearest[circle];
  double most = 0;
  memset(counts, 0, sizeof counts);
  for (int s = 0; s < circle; s++) nearest[s] = far * far;
  for (int k = 0; k < points; k++) {
    double x = cloud[k][0], y = cloud[k][1], z = cloud[k][2];
    if (!(z >= low && z <= high)) continue;
    double squared = x * x + y * y;
    if (!(squared >= near * near && squared < far * far)) continue;
    double at = unrolled(x, y);
    int sector = first_of_slot[(int)(at * slots / 4)], ring = 0;
    while (sector < circle - 1 && at >= direction_ends[sector]) sector++;
    while (ring < rings - 1 && squared >= ring_ends[ring]) ring++;
    if (++counts[ring][sector] > most) most = counts[ring][sector];
    if (squared < nearest[sector]) nearest[sector] = squared;
  }
  int first = 0;
  double freest = -1, full = ln(1 + most);
  for (int s = 0; s < circle; s++) {
    double free = nearest[(s + circle - 1) % circle] + 2 * nearest[s] + nearest[(s + 1) % circle];
    if (free > freest) freest = free, first = s;
  }
  for (int ring = 0; ring < rings; ring++)
    for (int k = 0; k < circle; k++) {
      double count = counts[ring][(first + k) % circle];
      into[ring * circle + k] = count == 0 ? 0 : (uint8_t)floor(255 * ln(1 + count) / full + 0.5);
    }
}

static void encode_features(int message, uint8_t *into) {
  (void)message;
  double largest = 0;
  for (int i = 0; i < vector; i++) largest = fmax(largest, fabs(values[i]));
  for (int i = 0; i < vector; i++) {
    uint8_t level = (uint8_t)floor(255 * (fabs(values[i]) / largest) + 0.5);
    into[i] = values[i] > 0 ? level : 0;
    into[vector + i] = values[i] > 0 ? 0 : level;
  }
}

static void encode_events(int message, uint8_t *into) {
  (void)message;
  static uint16_t on[camera * camera], off[camera * camera];
  static int16_t least[camera * camera];
  static double counts[2][side * side], rises[side * side];
  memset(on, 0, sizeof on);
  memset(off, 0, sizeof off);
  memset(least, 0, sizeof least);
  for (int k = 0; k < events; k++) {
    int pixel = (address[k] >> 15 & 0x7fff) * camera + (address[k] & 0x7fff);
    if (on[pixel] + off[pixel] > busiest) continue;
    if (address[k] >> 30 & 1) {
      on[pixel]++;
    } else {
      int now = on[pixel] - ++off[pixel];
      if (now < least[pixel]) least[pixel] = (int16_t)now;
    }
  }
  memset(counts, 0, sizeof counts);
  memset(rises, 0, sizeof rises);
  for (int y = 0; y < camera; y++)
    for (int x = 0; x < camera; x++) {
      int pixel = y * camera + x, all = on[pixel] + off[pixel], cell = y * side / camera * side + x * side / camera;
      if (all == 0 || all > busiest) continue;
      counts[0][cell] += on[pixel];
      counts[1][cell] += off[pixel];
      rises[cell] += on[pixel] - off[pixel] - least[pixel];
    }
  double largest = 0;
  for (int k = 0; k < 2 * side * side; k++) largest = fmax(largest, counts[0][k]);
  for (int k = 0; k < 2 * side * side; k++) into[k] = (uint8_t)floor(255 * counts[0][k] / largest + 0.5);
}

static void encode_image(int message, uint8_t *into) {
  (void)message;
  const int left = (width - height) / 2;
  for (int r = 0; r < side; r++) {
    int top = r * height / side, end = (r + 1) * height / side;
    for (int c = 0; c < side; c++) {
      int from = c * height / side, to = (c + 1) * height / side;
      uint32_t red = 0, green = 0, blue = 0;
      for (int y = top; y < end; y++)
        for (int x = left + from; x < left + to; x++) {
          red += picture[y][x][0];
          green += picture[y][x][1];
          blue += picture[y][x][2];
        }
      double sum = 299.0 * red + 587.0 * green + 114.0 * blue;
      into[r * side + c] = (uint8_t)floor(sum / ((end - top) * (to - from) * 1000.0) + 0.5);
    }
  }
}

static const struct kind {
  const char *name;
  int length;
  void (*encode)(int, uint8_t *);
} kinds[] = {
    {"scan", 2 * sectors * cells, encode_scan},     {"imu", 3 * axes * motion_cells, encode_motion},
    {"range", 2 * cells, encode_range},             {"points", rings * circle, encode_points},
    {"features", 2 * vector, encode_features},      {"events", 2 * side * side, encode_events},
    {"image", side * side, encode_image},
};

static double cpu(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e6 * now.tv_sec + now.tv_nsec / 1e3;
}

int main(int argc, char **argv) {
  FILE *tables = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (tables == NULL || fread(distance_table, 1, sizeof distance_table, tables) != sizeof distance_table ||
      fread(motion_table, 1, sizeof motion_table, tables) != sizeof motion_table)
    return 2;
  for (int k = 0; k < scans; k++)
    for (int i = 0; i < beams; i++) ranges[k][i] = (float)(0.5 + 11 * draw());
  for (int k = 0; k < window; k++)
    for (int axis = 0; axis < axes; axis++) motion[k][axis] = 4 * draw() - 2;
  for (int k = 0; k < distances; k++) distance[k] = (float)(0.1 + 4 * draw());
  for (int k = 0; k < points; k++)
    for (int i = 0; i < point_numbers; i++) cloud[k][i] = (float)(i == 2 ? 3 * draw() - 1 : 40 * draw() - 20);
  for (int k = 0; k < vector; k++) values[k] = (float)(2 * draw() - 1);
  for (int k = 0; k < events; k++) {
    uint32_t x = (uint32_t)(camera * draw()), y = (uint32_t)(camera * draw()), bright = draw() < 0.5;
    address[k] = x | y << 15 | bright << 30;
  }
  uint8_t *bytes = &picture[0][0][0];
  for (size_t k = 0; k < sizeof picture; k++) bytes[k] = (uint8_t)(256 * draw());
  prepare_points(0.3, 20);
  char what[16];
  int number;
  uint8_t into[2 * side * side];
  while (scanf("%15s %d", what, &number) == 2) {
    const struct kind *kind = kinds;
    while (strcmp(kind->name, what) != 0)
      if (++kind == kinds + sizeof kinds / sizeof *kinds) return 2;
    uint64_t sum = 0;
    double begun = cpu();
    for (int k = 0; k < number; k++) {
      kind->encode(k, into);
      sum += into[k % kind->length];
    }
    printf("%.4f ", (cpu() - begun) / number);
    // Checksum of all bytes, each weighted by its position. The other sum keeps the compiler from removing the work.
    uint64_t all = 0;
    for (int k = 0; k < scans; k++) {
      kind->encode(k, into);
      for (int i = 0; i < kind->length; i++) all += (uint64_t)(i + 1) * into[i];
    }
    if (sum == UINT64_MAX) return 1;
    printf("%llu\n", (unsigned long long)all);
    fflush(stdout);
  }
  return 0;
}
