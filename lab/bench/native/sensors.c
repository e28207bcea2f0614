// The encoders of a laser and of an inertial sensor in plain C: the same arithmetic in the same order, without checks.
// Codes of a number are tables, as in src/sensing/motion/population-code.ts; they are read from a file.
//
//   sensors TABLES       reads lines `scan N` and `imu N`, encodes N messages, prints CPU time [µs each] and a checksum
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

static uint8_t distance_table[(steps + 1) * cells], motion_table[(steps + 1) * motion_cells];
static float ranges[scans][beams];
static double motion[window][axes];

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

static int ascending(const void *a, const void *b) {
  double one = *(const double *)a, other = *(const double *)b;
  return (one > other) - (one < other);
}

static void encode_scan(const float *scan, uint8_t *into) {
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
  for (int k = 0; k < sectors; k++) {
    double d = fmin(far, fmax(near, medians[(first + k) % sectors]));
    code(distance_table, cells, (1 / near - 1 / d) / (1 / near - 1 / far), into + 2 * k * cells);
    code(distance_table, cells, log(d / near) / log(far / near), into + (2 * k + 1) * cells);
  }
}

static void encode_motion(uint8_t *into) {
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
  char what[16];
  int number;
  uint8_t into[2 * sectors * cells + 3 * axes * motion_cells];
  while (scanf("%15s %d", what, &number) == 2) {
    int motion_asked = what[0] == 'i', length = motion_asked ? 3 * axes * motion_cells : 2 * sectors * cells;
    uint64_t sum = 0;
    double begun = cpu();
    for (int k = 0; k < number; k++) {
      if (motion_asked) encode_motion(into);
      else encode_scan(ranges[k % scans], into);
      sum += into[k % length];
    }
    printf("%.4f ", (cpu() - begun) / number);
    // Checksum of all bytes, each weighted by its position. The other sum keeps the compiler from removing the work.
    uint64_t all = 0;
    for (int k = 0; k < scans; k++) {
      if (motion_asked) encode_motion(into);
      else encode_scan(ranges[k], into);
      for (int i = 0; i < length; i++) all += (uint64_t)(i + 1) * into[i];
    }
    if (sum == UINT64_MAX) return 1;
    printf("%llu\n", (unsigned long long)all);
    fflush(stdout);
  }
  return 0;
}
