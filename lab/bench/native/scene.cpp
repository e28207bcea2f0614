// Directions of gradients of pictures, in whole numbers: the encoding `scene` in plain C++. The steps are those of
// src/snn/kernel/gradient-directions.ts.
//
//   build:  g++ -O3 -march=native -std=c++17 scene.cpp -o scene
//   run:    ./scene IMAGES [PLANES]     (an IDX file of pictures with sides that are multiples of 4; PLANES 1 or 3)
//           For each number N that it reads, it encodes the next N pictures, and prints the CPU time [ns] and the
//           FNV-1a hash of the last one's bytes. Three pictures of the file in a row are the planes of one in colour.
#include <time.h>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>
using std::vector;

// Hilbert curve over the smallest 2^m square that holds the cells, without the cells outside.
static vector<int> makeScan(int rows, int columns) {
    vector<int> scan;
    int side = 1;
    while (side < std::max(rows, columns)) side *= 2;
    for (int rank = 0; rank < side * side; rank++) {
        int x = 0, y = 0;
        for (int size = 1, rest = rank; size < side; size *= 2, rest /= 4) {
            int right = 1 & (rest / 2), down = 1 & (rest ^ right);
            if (!down && right) { x = size - 1 - x; y = size - 1 - y; }
            if (!down) std::swap(x, y);
            x += size * right;
            y += size * down;
        }
        if (x < columns && y < rows) scan.push_back(y * columns + x);
    }
    return scan;
}

struct Scene {
    int H, W, h, w, D, flat = 20, gain = 5824;
    vector<int> scan, gx, gy, P, e, row, L; vector<uint8_t> pad;
    void create(int rows, int cols) {
        H = rows; W = cols; h = H / 4; w = W / 4; D = 16 * h * w; scan = makeScan(h, w);
        gx.assign(H * W, 0); gy = gx; P.assign(16 * (h + 2) * (w + 2), 0); e.assign((h + 2) * (w + 2), 0); row = e; L = e; pad.assign((H + 2) * (W + 2), 0);
    }
    int differentiate(const uint8_t* img, bool steeper) {
        const int S = W + 2;
        for (int y = 0; y < H; y++) { memcpy(&pad[(y + 1) * S + 1], img + y * W, W); pad[(y + 1) * S] = img[y * W]; pad[(y + 1) * S + W + 1] = img[y * W + W - 1]; }
        memcpy(&pad[0], &pad[S], S); memcpy(&pad[(H + 1) * S], &pad[H * S], S);
        int M = 0;
        for (int y = 0; y < H; y++) {
            const uint8_t *a = &pad[y * S], *b = a + S, *c = b + S; int *X = &gx[y * W], *Y = &gy[y * W];
            for (int x = 0; x < W; x++) {
                int p = a[x + 2] + 2 * b[x + 2] + c[x + 2] - a[x] - 2 * b[x] - c[x], q = c[x] + 2 * c[x + 1] + c[x + 2] - a[x] - 2 * a[x + 1] - a[x + 2];
                int now = abs(p) + abs(q), before = steeper ? abs(X[x]) + abs(Y[x]) : -1;
                if (now > before) { X[x] = p; Y[x] = q; }
                M = std::max(M, std::max(now, before));
            }
        }
        return M;
    }
    void run(const uint8_t* img, int planes, uint8_t* out) {
        const int cw = w + 2;
        int M = 0;
        for (int k = 0; k < planes; k++) M = differentiate(img + k * H * W, k > 0);
        if (M < flat) { memset(out, 0, D); return; }
        int floor = M >> 5;
        std::fill(P.begin(), P.end(), 0);
        for (int y = 0; y < H; y++) for (int x = 0; x < W; x++) {
            int p = gx[y * W + x], q = gy[y * W + x], a0 = abs(p), b0 = abs(q);
            if (a0 + b0 <= floor) continue;
            int a = std::max(a0, b0), b = std::min(a0, b0), low = a >= 2 * b;
            int m0 = low ? 4 * (a - 2 * b) : 9 * (a - b), m1 = low ? 9 * b : 6 * (2 * b - a), k0 = low ? 0 : 1, k1 = k0 + 1;
            if (b0 > a0) { k0 = 4 - k0; k1 = 4 - k1; }
            if (p < 0) { k0 = 8 - k0; k1 = 8 - k1; }
            if (q < 0) { k0 = 16 - k0 & 15; k1 = 16 - k1 & 15; }
            k0 &= 15; k1 &= 15;
            // the cell and its nearest neighbour, of one cell of border, with the weights of a tent of 1 3 5 7 7 5 3 1
            int r = (y >> 2) + 1, c = (x >> 2) + 1, r2 = (y & 3) < 2 ? r - 1 : r + 1, c2 = (x & 3) < 2 ? c - 1 : c + 1;
            int u = (y & 3) == 1 || (y & 3) == 2 ? 7 : 5, v = (x & 3) == 1 || (x & 3) == 2 ? 7 : 5, u2 = 8 - u, v2 = 8 - v;
            int *A = &P[16 * (r * cw + c)], *B = &P[16 * (r * cw + c2)], *C = &P[16 * (r2 * cw + c)], *E = &P[16 * (r2 * cw + c2)];
            A[k0] += u * v * m0; B[k0] += u * v2 * m0; C[k0] += u2 * v * m0; E[k0] += u2 * v2 * m0;
            A[k1] += u * v * m1; B[k1] += u * v2 * m1; C[k1] += u2 * v * m1; E[k1] += u2 * v2 * m1;
        }
        // competition: in every cell the four strongest directions stay, and those equal to the fourth
        for (int r = 1; r <= h; r++) for (int c = 1; c <= w; c++) {
            int i = r * cw + c, *p = &P[16 * i], t0 = 0, t1 = 0, t2 = 0, t3 = 0, sum = 0;
            for (int k = 0; k < 16; k++) {
                int z = p[k] >>= 4, y0 = std::min(t0, z), y1 = std::min(t1, y0), y2 = std::min(t2, y1);
                t0 = std::max(t0, z); t1 = std::max(t1, y0); t2 = std::max(t2, y1); t3 = std::max(t3, y2);
            }
            for (int k = 0; k < 16; k++) { p[k] = p[k] < t3 ? 0 : p[k]; sum += p[k]; }
            e[i] = sum;
        }
        // energy of the surroundings: (1,2,1) x (1,2,1), border cells repeated
        int A = 0;
        for (int r = 1; r <= h; r++) { e[r * cw] = e[r * cw + 1]; e[r * cw + w + 1] = e[r * cw + w]; }
        for (int c = 0; c < cw; c++) { e[c] = e[cw + c]; e[(h + 1) * cw + c] = e[h * cw + c]; }
        for (int r = 1; r <= h; r++) for (int c = 0; c < cw; c++) row[r * cw + c] = e[(r - 1) * cw + c] + 2 * e[r * cw + c] + e[(r + 1) * cw + c];
        for (int r = 1; r <= h; r++) for (int c = 1; c <= w; c++) { int l = row[r * cw + c - 1] + 2 * row[r * cw + c] + row[r * cw + c + 1]; L[r * cw + c] = l; A = std::max(A, l); }
        A >>= 3;
        for (int o = 0; o < h * w; o++) {
            int i = scan[o], at = (i / w + 1) * cw + i % w + 1, d = L[at] + A;
            for (int k = 0; k < 16; k++) {
                int p = P[16 * at + k];
                out[k * h * w + o] = p ? (uint8_t)std::min(255, gain * p / d) : 0;
            }
        }
    }
};

static double cpu() { timespec t; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); return 1e9 * t.tv_sec + t.tv_nsec; }

int main(int argc, char** argv) {
    FILE* file = fopen(argv[1], "rb");
    uint8_t head[16];
    if (!file || fread(head, 1, 16, file) != 16) return fprintf(stderr, "%s cannot be read\n", argv[1]), 1;
    auto big = [&](int at) { return head[at] << 24 | head[at + 1] << 16 | head[at + 2] << 8 | head[at + 3]; };
    const int count = big(4), H = big(8), W = big(12);
    vector<uint8_t> images((size_t)count * H * W);
    if (fread(images.data(), 1, images.size(), file) != images.size()) return fprintf(stderr, "%s is cut off\n", argv[1]), 1;
    Scene scene; scene.create(H, W);
    const int planes = argc > 2 ? atoi(argv[2]) : 1;
    vector<uint8_t> out(scene.D);
    long next = 0;
    for (long wanted; scanf("%ld", &wanted) == 1;) {
        double start = cpu();
        for (long k = 0; k < wanted; k++) scene.run(&images[(size_t)(next++ % (count - 2)) * H * W], planes, out.data());
        double spent = cpu() - start;
        uint32_t hash = 2166136261u;
        for (uint8_t byte : out) hash = (hash ^ byte) * 16777619u;
        printf("%.0f %08x\n", spent, hash);
        fflush(stdout);
    }
}
