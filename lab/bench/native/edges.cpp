// Orientation columns of pictures, in whole numbers: the program with which the encoding `edges` was first measured.
// The steps are those of src/snn/kernel/orientation-columns.ts.
//
//   build:  g++ -O3 -march=native -std=c++17 edges.cpp -o edges
//   run:    ./edges IMAGES      (an IDX file of pictures with even sides)
//           For each number N that it reads, it encodes the next N pictures, and prints the CPU time [ns] and the
//           FNV-1a hash of the last one's bytes.
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

struct Edges {
    int H, W, h, w, D, flat = 20, gain = 5824;
    vector<int> scan, gx, gy, P, e, row, L; vector<uint8_t> pad;
    void create(int rows, int cols) {
        H = rows; W = cols; h = H / 2; w = W / 2; D = 4 * h * w; scan = makeScan(h, w);
        gx.assign(H * W, 0); gy = gx; P.assign(4 * (h + 2) * (w + 2), 0); e.assign((h + 2) * (w + 2), 0); row = e; L = e; pad.assign((H + 2) * (W + 2), 0);
    }
    void run(const uint8_t* img, uint8_t* out) {
        const int S = W + 2, cw = w + 2;
        for (int y = 0; y < H; y++) { memcpy(&pad[(y + 1) * S + 1], img + y * W, W); pad[(y + 1) * S] = img[y * W]; pad[(y + 1) * S + W + 1] = img[y * W + W - 1]; }
        memcpy(&pad[0], &pad[S], S); memcpy(&pad[(H + 1) * S], &pad[H * S], S);
        int M = 0;
        for (int y = 0; y < H; y++) {
            const uint8_t *a = &pad[y * S], *b = a + S, *c = b + S; int *X = &gx[y * W], *Y = &gy[y * W];
            for (int x = 0; x < W; x++) {
                int p = a[x + 2] + 2 * b[x + 2] + c[x + 2] - a[x] - 2 * b[x] - c[x], q = c[x] + 2 * c[x + 1] + c[x + 2] - a[x] - 2 * a[x + 1] - a[x + 2];
                X[x] = p; Y[x] = q; M = std::max(M, abs(p) + abs(q));
            }
        }
        if (M < flat) { memset(out, 0, D); return; }
        int floor = M >> 5;
        std::fill(P.begin(), P.end(), 0);
        const int plane = (h + 2) * cw;
        for (int y = 0; y < H; y++) for (int x = 0; x < W; x++) {
            int p = gx[y * W + x], q = gy[y * W + x], a = abs(p), b = abs(q);
            if (a + b <= floor) continue;
            int axis = a >= b ? 0 : 2, diagonal = (p ^ q) >= 0 ? 1 : 3, m0 = 2 * abs(a - b), m1 = 3 * std::min(a, b);
            // nearest cell r and its neighbour: for even rows the one above, for odd rows the one below (one cell of
            // border)
            int r = (y >> 1) + 1, c = (x >> 1) + 1, r2 = (y & 1) ? r + 1 : r - 1, c2 = (x & 1) ? c + 1 : c - 1;
            int* A = &P[axis * plane]; int* B = &P[diagonal * plane];
            A[r * cw + c] += 9 * m0; A[r * cw + c2] += 3 * m0; A[r2 * cw + c] += 3 * m0; A[r2 * cw + c2] += m0;
            B[r * cw + c] += 9 * m1; B[r * cw + c2] += 3 * m1; B[r2 * cw + c] += 3 * m1; B[r2 * cw + c2] += m1;
        }
        // competition: in every cell the two strongest orientations stay, and those equal to the second
        for (int r = 1; r <= h; r++) for (int c = 1; c <= w; c++) {
            int i = r * cw + c, &p0 = P[i], &p1 = P[plane + i], &p2 = P[2 * plane + i], &p3 = P[3 * plane + i];
            int hi = std::max(p0, p1), lo = std::min(p0, p1), hi2 = std::max(p2, p3), lo2 = std::min(p2, p3);
            int second = std::max(std::min(hi, hi2), std::max(lo, lo2));
            p0 = p0 < second ? 0 : p0; p1 = p1 < second ? 0 : p1; p2 = p2 < second ? 0 : p2; p3 = p3 < second ? 0 : p3;
            e[i] = p0 + p1 + p2 + p3;
        }
        // energy of the surroundings: (1,2,1) x (1,2,1), border cells repeated
        int A = 0;
        for (int r = 1; r <= h; r++) { e[r * cw] = e[r * cw + 1]; e[r * cw + w + 1] = e[r * cw + w]; }
        for (int c = 0; c < cw; c++) { e[c] = e[cw + c]; e[(h + 1) * cw + c] = e[h * cw + c]; }
        for (int r = 1; r <= h; r++) for (int c = 0; c < cw; c++) row[r * cw + c] = e[(r - 1) * cw + c] + 2 * e[r * cw + c] + e[(r + 1) * cw + c];
        for (int r = 1; r <= h; r++) for (int c = 1; c <= w; c++) { int l = row[r * cw + c - 1] + 2 * row[r * cw + c] + row[r * cw + c + 1]; L[r * cw + c] = l; A = std::max(A, l); }
        A >>= 3;
        for (int o = 0; o < h * w; o++) {
            int i = scan[o], r = i / w + 1, c = i % w + 1, at = r * cw + c, d = L[at] + A;
            for (int k = 0; k < 4; k++) {
                int p = P[k * plane + at];
                out[k * h * w + o] = p ? (uint8_t)std::min<int64_t>(255, (int64_t)gain * p / d) : 0;
            }
        }
    }
};

static double cpu() { timespec t; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); return 1e9 * t.tv_sec + t.tv_nsec; }

int main(int, char** argv) {
    FILE* file = fopen(argv[1], "rb");
    uint8_t head[16];
    if (!file || fread(head, 1, 16, file) != 16) return fprintf(stderr, "%s cannot be read\n", argv[1]), 1;
    auto big = [&](int at) { return head[at] << 24 | head[at + 1] << 16 | head[at + 2] << 8 | head[at + 3]; };
    const int count = big(4), H = big(8), W = big(12);
    vector<uint8_t> images((size_t)count * H * W);
    if (fread(images.data(), 1, images.size(), file) != images.size()) return fprintf(stderr, "%s is cut off\n", argv[1]), 1;
    Edges edges; edges.create(H, W);
    vector<uint8_t> out(edges.D);
    long next = 0;
    for (long wanted; scanf("%ld", &wanted) == 1;) {
        double start = cpu();
        for (long k = 0; k < wanted; k++) edges.run(&images[(size_t)(next++ % (count - 2)) * H * W], out.data());
        double spent = cpu() - start;
        uint32_t hash = 2166136261u;
        for (uint8_t byte : out) hash = (hash ^ byte) * 16777619u;
        printf("%.0f %08x\n", spent, hash);
        fflush(stdout);
    }
}
