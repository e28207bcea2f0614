// A spiking network that learns online without labels, needs few of them to name what it learned, and reads only a few
// input events per image. Reference implementation; the numbered steps are those of docs/lean.md.
//
//   build:  g++ -O3 -march=native -std=c++17 lean.cpp -o lean
//   run:    ./lean mode=stream dir=FOLDER data=mnist|fashion N=400 train=20000 labels=0.1 seeds=1,2
//           mode=stream    one long stream; accuracy before each label is used, then frozen accuracy at check=20000,60000
//           mode=classes   groups of classes one after the other, nothing repeated
//           mode=drift     at sample `at` all images are shifted, permuted or inverted (drift=shift|permute|invert)
//           mode=points    one network, decided at many settings of T, E, K
//           mode=schedule  T switched while learning
//           mode=exits     early exit of decisions
//           test=1         measure on the test images (default: the last sixth of the training images)
//           data=synthetic inputs=37 classes=1000   random prototypes, to check other sizes
//
// Symbols
//   i input (its rank in the scan)      j neuron                      c class
//   x_i input value 0..255              X = sum_i x_i                 xhat_i = 100 x_i / X
//   f_i = xhat_i / (xhat_i + k)         expected trace of the input   W_ij weight, sum_i W_ij = S
//   theta_j adaptive threshold          s_j spikes of j so far        n_j its spikes in this sample
//   R_jc label evidence, h_j = sum_c R_jc, M_jc message from neighbours, P_jc = (R_jc + lambda M_jc) / (h_j + lambda)
#include <time.h>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>
using std::string;
using std::vector;

// ================================================================ small tools
struct Settings {  // name=value on the command line
    std::map<string, string> given;
    double number(const char* name, double standard) const {
        auto found = given.find(name);
        return found == given.end() ? standard : atof(found->second.c_str());
    }
    string text(const char* name, const char* standard) const {
        auto found = given.find(name);
        return found == given.end() ? string(standard) : found->second;
    }
    vector<double> list(const char* name, const char* standard) const {
        vector<double> values;
        string rest = text(name, standard) + ",";
        for (size_t comma; (comma = rest.find(',')) != string::npos; rest = rest.substr(comma + 1))
            if (comma > 0) values.push_back(atof(rest.c_str()));
        return values;
    }
};

struct Random {  // splitmix64; used for the order of the samples only, never inside the network
    uint64_t state;
    uint64_t next() {
        uint64_t z = (state += 0x9E3779B97F4A7C15ull);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }
    double uniform() { return (next() >> 11) * (1.0 / 9007199254740992.0); }
};

static double cpuSeconds() {
    timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

// Width neighbouring floats: what one register of the machine holds (WebAssembly: 4). Inputs and neurons are handled in
// blocks of Width. -DWIDTH=4 chooses another one.
#ifndef WIDTH
#if defined(__AVX512F__)
#define WIDTH 16
#elif defined(__AVX__)
#define WIDTH 8
#else
#define WIDTH 4
#endif
#endif
const int Width = WIDTH;
typedef float Lanes __attribute__((vector_size(4 * WIDTH), may_alias));
static int roundUp(int n) { return (n + Width - 1) / Width * Width; }

template <class T> struct Aligned {  // array on a 64 byte boundary, padded to whole Lanes
    struct alignas(64) Block { char bytes[64]; };
    vector<Block> store;
    void assign(size_t n, T value) {
        store.resize((n * sizeof(T) + sizeof(Block) - 1) / sizeof(Block));
        std::fill(data(), data() + store.size() * sizeof(Block) / sizeof(T), value);
    }
    T* data() { return (T*)store.data(); }
    const T* data() const { return (const T*)store.data(); }
    T& operator[](size_t i) { return data()[i]; }
    const T& operator[](size_t i) const { return data()[i]; }
};

// sum and maximum of n neighbouring floats: the upper half onto the lower one until four are left
template <int n> static float total(const float* a) {
    if constexpr (n == 4) return (a[0] + a[2]) + (a[1] + a[3]);
    else {
        typedef float Half __attribute__((vector_size(2 * n), may_alias));
        Half sum = *(const Half*)a + *(const Half*)(a + n / 2);
        return total<n / 2>((const float*)&sum);
    }
}
template <int n> static float largest(const float* a) {
    if constexpr (n == 4) return std::max(std::max(a[0], a[2]), std::max(a[1], a[3]));
    else {
        typedef float Half __attribute__((vector_size(2 * n), may_alias));
        const Half &low = *(const Half*)a, &high = *(const Half*)(a + n / 2);
        Half most = low > high ? low : high;
        return largest<n / 2>((const float*)&most);
    }
}
static float total(const Lanes& a) { return total<Width>((const float*)&a); }
static float largest(const Lanes& a) { return largest<Width>((const float*)&a); }

// ================================================================ parameters: closed form in N, D, T
const int Strands = 8;  // every 8th event is read first, by all neurons
struct Parameters {
    int N, D;
    // presentation
    int T;                 // time steps of one sample
    int E;                 // input events of one sample; no need to grow with N or D
    int K;                 // neurons that read all events
    float decay;           // d = exp(-3.5/T): membrane constant 100 ms of 350 ms
    float totalDrive;      // 44.8 = 0.128 * 350: drive of a sample per unit of sum_i xhat_i W_ij (that of 350 ms of Poisson input)
    float drive;           // drive per step and per event: 100 totalDrive / (T E)
    float reach;           // v after T steps per unit of drive per step: (1 - d^T) / (1 - d)
    float vth = 13, vreset = 5;
    // plasticity
    float columnSum;       // S = 0.1 D: mean weight 0.1
    float traceHalf;       // k = 0.39 * 784/D: 1 / (0.128 * 20), a 20 ms trace; xhat of an active input falls as 1/D
    float n0, etaLast;     // rate max(etaLast, 1/(n0 + s_j)): at first the mean of all its samples, then a window of 200 spikes
    float thetaPlus;       // 0.005 sqrt(N): with the decay this keeps 4 to 7 spikes per sample at every N
    float thetaKeep;       // exp(-1/160000) per sample: thresholds stay bounded, slow enough not to push neurons to other classes
    float silentKeep;      // a sample without a spike lowers all thresholds by 2 %
    float thetaFresh;      // threshold of the fresh neuron: it fires at 4/35 of T unless a trained neuron did before
    float imprintShare;    // 3 * 44.8/35: threshold of an imprinted neuron per unit of its own sum_i xhat_i W_ij
    // labels
    int voteNearest;       // 10 nearest neurons vote with weights voteWeight/q: a sample without spikes still gets an answer
    float voteWeight;      // 3: together 8.8 votes, a little more than the spikes of a sample
    int creditNearest;     // 10 nearest get evidence 1/q where it is thin: labels neurons long before they fire often
    float forget;          // 0.995 per spike: labels are forgotten as fast as the weights move
    int spreadNearest;     // 5 nearest spread their labels, also for samples without one
    float spreadRate;      // 0.3
    float lambda;          // 3: evidence that outweighs the neighbours; P_j sums to less than 1 while a neuron knows little
    // classes and change
    float fairShare;       // a class with less than half its share of neurons may take one after an error
    int knownAfter;        // labels of a class before its errors count for the alarm: a new class is no alarm
    int fastWindow, slowWindow;  // labels of the two error averages
    float alarmOn, alarmOff;     // the fast error must cover 40 % of the way from the slow error to 1; it ends at 3 %
    // early exit of a decision: lead of the first class over the second, in votes of a sure neuron (0 = off)
    float exitLead;        // after all events and after every spike. The nearest give at most 8.8, each spike at most 1
    float exitLeadFirst;   // after the first events only

    Parameters(const Settings& s, int neurons, int inputs) : N(neurons), D(inputs) {
        totalDrive = 44.8f;
        columnSum = 0.1f * D;
        traceHalf = s.number("k", 0.39 * 784 / D);
        etaLast = s.number("eta", 0.005);
        n0 = s.number("n0", 7);
        thetaPlus = s.number("thetaPlus", 0.005) * sqrt(N);
        thetaKeep = exp(-1 / s.number("thetaTau", 160000));
        silentKeep = 0.98f;
        thetaFresh = s.number("fresh", 30);
        imprintShare = s.number("phi", 3) * totalDrive / 35;
        voteNearest = 10;
        creditNearest = 10;
        spreadNearest = 5;
        voteWeight = s.number("voteWeight", 3);
        forget = 1 - etaLast;  // labels are forgotten as fast as the weights move
        lambda = 3;
        spreadRate = 0.3f;
        alarmOn = s.number("alarm", 0.4);
        alarmOff = 0.03f;
        fairShare = s.number("fair", 0.5);
        knownAfter = 50;
        fastWindow = 50;
        slowWindow = 2000;
        exitLead = s.number("exit", 0);
        exitLeadFirst = s.number("exitFirst", 0);
        setPoint(s.number("T", 35), s.number("E", 200), s.number("K", std::min(std::max(N / 4, 10), 48)));
    }
    // the operating point: may be changed at any time, also while learning
    void setPoint(int steps, int events, int keep) {
        T = steps;
        E = events;
        K = std::min(keep, N);
        decay = exp(-3.5 / T);
        reach = (1 - pow(decay, T)) / (1 - decay);
        drive = 100 * totalDrive / ((float)T * E);
    }
    int firstEvents() const { return (E + Strands - 1) / Strands; }
};

// ================================================================ operation counts and energy (45 nm table, pJ)
struct Counts {
    double samples = 0, synaptic = 0, neuron = 0, encoder = 0, stdp = 0, norm = 0, decay = 0, label = 0, spikes = 0, steps = 0, fired = 0;
    double exitsFirst = 0, exitsBefore = 0;
    // synaptic event 5.9, neuron update 20.5 (elimination: 2 per neuron, ranking of the kept: 1 each), encoder 2 x 5.4 per active input
    double network() const { return (5.9 * synaptic + 20.5 * neuron + 2 * 5.4 * encoder) / samples * 1e-6; }
    // STDP 14.6 per active input and neuron that fired, norm 19.6 per neuron that fired (one scale factor),
    // decay of the thresholds: multiplication 3.7 per neuron
    double learning() const { return (14.6 * stdp + 19.6 * norm + 3.7 * decay) / samples * 1e-6; }
    // vote and labels: multiply-add 4.6 per class and neuron (two per vote: evidence and message; comparing the classes: one)
    double labels() const { return 4.6 * label / samples * 1e-6; }
    double all() const { return network() + learning() + labels(); }
};

// ================================================================ encoder
// Hilbert curve over the smallest 2^m square that holds the image, without the cells outside: neighbouring inputs are
// neighbouring pixels in both directions. A signal that is not an image (one row) keeps its order.
static vector<int> makeScan(int rows, int columns) {
    vector<int> scan;
    int side = 1;
    while (side < std::max(rows, columns)) side *= 2;
    if (rows == 1) side = 0;
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
    for (int i = 0; i < columns && side == 0; i++) scan.push_back(i);
    return scan;
}

struct Encoder {
    int D = 0, X = 0, active = 0, events = 0;
    bool polarity = false;          // for images only: in other signals the sign of the contrast means something
    vector<int> scan;               // scan[i] = where input i is found in the image
    Aligned<uint8_t> copy, pixel;   // the image; x_i in scan order
    vector<int> usedBlock;          // blocks of inputs with at least one active input
    Aligned<int> running, placed, early;  // cumulative x, n_i, e_i over the used blocks
    Aligned<float> firstEvents, restEvents;  // first and later events of each input, over the used blocks
    vector<int> restBlock;          // blocks with at least one of the later events
    vector<int> restFrom;           //   and where their counts are in restEvents (which used block)
    vector<int> firstInput;         // inputs of the events 0, 8, 16, ...
    vector<float> firstTimes;       //   and how many of these each has
    Aligned<float> trace;           // f_i (valid in usedBlock)
    int used = 0, restUsed = 0, firstUsed = 0;

    void create(int rows, int columns, bool invertBright) {
        polarity = invertBright;
        D = rows * columns;
        scan = makeScan(rows, columns);
        copy.assign(roundUp(D), 0);
        pixel.assign(roundUp(D), 0);
        for (auto a : {&running, &placed, &early}) a->assign(roundUp(D) + 1, 0);
        for (auto a : {&firstEvents, &restEvents}) a->assign(roundUp(D), 0);
        trace.assign(roundUp(D), 0);
        usedBlock.resize(roundUp(D) / Width);
        restBlock = restFrom = usedBlock;
        firstInput.resize(roundUp(D));
        firstTimes.resize(roundUp(D));
    }

    // step 1: polarity: an image that is brighter than half on average is inverted: x_i <- 255 - x_i (dark on bright = bright on dark)
    void copyImage(const uint8_t* image) {
        uint8_t* to = copy.data();
        memcpy(to, image, D);
        int sum = 0;
        for (int i = 0; i < D; i++) sum += to[i];
        if (!polarity || 2 * sum <= 255 * D) return;
        for (int i = 0; i < D; i++) to[i] = 255 - to[i];
    }
    // step 1: pixels in scan order, X = sum_i x_i, blocks without an active input are skipped from here on
    void readImage(const uint8_t* image) {
        copyImage(image);
        uint8_t* __restrict to = pixel.data();
        const uint8_t* __restrict from = copy.data();
        const int* __restrict where = scan.data();
        int inputs = D;
        for (int i = 0; i < inputs; i++) to[i] = from[where[i]];
        X = active = used = 0;
        for (int b = 0; b * Width < inputs; b++) {
            uint32_t any = 0, four;
            for (int c = 0; c < Width; c += 4) {
                memcpy(&four, to + b * Width + c, 4);
                any |= four;
            }
            if (any == 0) continue;
            int sum = 0, nonZero = 0;
            for (int c = 0; c < Width; c++) {
                sum += to[b * Width + c];
                nonZero += to[b * Width + c] > 0;
            }
            X += sum;
            active += nonZero;
            usedBlock[used++] = b;
        }
    }

    // step 2: systematic sampling. Up to and including input i there are
    //   n_i = floor(E (x_0 + ... + x_i) / X + 1/2)   events, of them   e_i = ceil(n_i / 8)   first ones (0, 8, 16, ...)
    // The arrays run over the used blocks only; entry q + 1 belongs to input q, entry 0 is 0.
    void placeEvents(int E) {
        int length = used * Width;
        float perUnit = X > 0 ? (float)E / X : 0;
        events = X > 0 ? E : 0;
        int *__restrict sums = running.data(), *__restrict n = placed.data(), *__restrict e = early.data();
        float *__restrict rest = restEvents.data(), *__restrict times = firstEvents.data();
        sumUp(sums);
        for (int q = 0; q < length; q++) n[q + 1] = (int)(sums[q] * perUnit + 0.5f);
        for (int q = 0; q < length; q++) e[q + 1] = (n[q + 1] + Strands - 1) / Strands;
        for (int q = 0; q < length; q++) times[q] = e[q + 1] - e[q];
        for (int q = 0; q < length; q++) rest[q] = (n[q + 1] - n[q]) - (e[q + 1] - e[q]);
        listEvents();
    }
    // cumulative sum of x over the used blocks
    void sumUp(int* sums) const {
        int sum = 0;
        for (int u = 0; u < used; u++) {
            const uint8_t* x = &pixel[usedBlock[u] * Width];
            for (int c = 0; c < Width; c++) sums[u * Width + c] = sum += x[c];
        }
    }
    // the inputs with first events, and the blocks with later events
    void listEvents() {
        int *input = firstInput.data(), found = 0, blocks = 0;
        float* times = firstTimes.data();
        for (int u = 0; u < used; u++) {
            int from = u * Width, to = from + Width, block = usedBlock[u];
            int first = early[to] - early[from];
            restBlock[blocks] = block;
            restFrom[blocks] = u;
            blocks += placed[to] - placed[from] > first;
            for (int c = 0; c < Width && first > 0; c++) {
                input[found] = block * Width + c;
                times[found] = firstEvents[from + c];
                found += firstEvents[from + c] > 0;
            }
        }
        firstUsed = found;
        restUsed = blocks;
    }

    // f_i = xhat_i / (xhat_i + k) = x_i / (x_i + k X / 100)
    void makeTrace(float k) {
        float half = k * X / 100;
        for (int u = 0; u < used; u++)
            for (int i = usedBlock[u] * Width, end = i + Width; i < end; i++) trace[i] = pixel[i] / (pixel[i] + half);
    }
};

// ================================================================ network
struct Network {
    Parameters p;
    Encoder encoder;
    Counts counts;
    int stride, paddedD;
    Aligned<float> byInput;        // raw_ij as [i][j]: all neurons of one input
    Aligned<float> byNeuron;       // raw_ij as [j][i]: all inputs of one neuron
    Aligned<float> scale, rawSum;  // W_ij = scale_j raw_ij ; rawSum_j = sum_i raw_ij
    Aligned<float> theta, current, score;
    vector<float> spikesSoFar;     // s_j
    vector<int> lastWin;           // sample of the last spike
    int touched = 0;               // neurons 0..touched-1 are trained; neuron `touched` is the fresh one; the rest do not exist yet
    int samples = 0;
    // this sample
    vector<int> kept;              // neurons that read all events
    vector<float> keptScore;       // reach a_j - theta_j
    vector<float> keptDrive;       // a_j, drive per step
    Aligned<float> leftScore;      // of those not yet ranked
    int keptCount = 0;
    vector<int> nearest;           // the neurons with the largest score, best first
    vector<int> member;            // neurons that take part in the steps
    int members = 0;
    Aligned<float> margin, push, threshold;  // of the members: v - Vth - theta ; its gain per step ; Vth + theta
    vector<int> count, fired;      // n_j ; neurons with a spike
    int imprinted = -1;            // neuron that became a copy of this sample

    Network(const Settings& s, int N, int rows, int columns) : p(s, N, rows * columns) {
        encoder.create(rows, columns, s.number("polarity", rows > 1));
        stride = roundUp(N);
        paddedD = roundUp(p.D);
        byInput.assign((size_t)paddedD * stride, 0);
        byNeuron.assign((size_t)N * paddedD, 0);
        for (auto a : {&scale, &rawSum, &theta, &current, &score}) a->assign(stride, 0);
        for (auto a : {&margin, &push, &threshold}) a->assign(roundUp(N + 1), 0);
        spikesSoFar.assign(N, 0);
        lastWin.assign(N, 0);
        count.assign(N, 0);
        kept.resize(stride + 1);
        keptScore.resize(stride + 1);
        keptDrive.resize(stride + 1);
        leftScore.assign(stride, 0);
        member.resize(stride + 1);
    }

    // ------------------------------------------------ steps 3 and 4: all neurons read the first events, K of them stay
    void firstLook(const uint8_t* image) {
        for (int j : fired) count[j] = 0;
        fired.clear();
        imprinted = -1;
        encoder.readImage(image);
        encoder.placeEvents(p.E);
        addFirstEvents();
        eliminate();
        counts.samples++;
        counts.encoder += encoder.active;
        counts.synaptic += encoder.events ? (double)p.firstEvents() * touched : 0;
    }

    // I_j = sum over the first events of raw_ij: rows, a block of neurons at a time in registers
    template <int Blocks> void addRows(int j) {
        Lanes sum[Blocks] = {};
        for (int e = 0; e < encoder.firstUsed; e++) {
            const Lanes* row = (const Lanes*)&byInput[(size_t)encoder.firstInput[e] * stride + j];
            float times = encoder.firstTimes[e];
            for (int b = 0; b < Blocks; b++) sum[b] += times * row[b];
        }
        for (int b = 0; b < Blocks; b++) ((Lanes*)&current[j])[b] = sum[b];
    }
    void addFirstEvents() {
        int j = 0;
        for (; j + 8 * Width <= roundUp(touched); j += 8 * Width) addRows<8>(j);
        for (; j < touched; j += Width) addRows<1>(j);
    }

    // score_j = reach drive E/E1 scale_j I_j - theta_j ; the K largest are kept
    void eliminate() {
        float estimate = p.reach * p.drive * p.E / p.firstEvents();
        int neurons = touched;
        const float *from = scale.data(), *sum = current.data(), *offset = theta.data();
        float* __restrict to = score.data();
        for (int j = 0; j < neurons; j++) to[j] = estimate * from[j] * sum[j] - offset[j];
        bool all = neurons <= p.K;
        float least = all ? -1e30f : kthLargest(p.K);
        int n = 0, *id = kept.data();
        float* __restrict keptTo = keptScore.data();
        for (int j = 0; j < neurons; j++) {
            id[n] = j;
            keptTo[n] = to[j];
            n += to[j] >= least;
        }
        keptCount = std::min(n, all ? touched : p.K);
        if (!all) counts.neuron += 2.0 * touched;
    }
    // smallest and largest score
    void range(float& low, float& high) const {
        const Lanes* s = (const Lanes*)score.data();
        Lanes least = Lanes{} + 1e30f, most = -least;
        for (int b = 0; (b + 1) * Width <= touched; b++) {
            least = s[b] < least ? s[b] : least;
            most = s[b] > most ? s[b] : most;
        }
        low = -largest(-least);
        high = largest(most);
        for (int j = touched / Width * Width; j < touched; j++) {
            low = std::min(low, score[j]);
            high = std::max(high, score[j]);
        }
    }
    // a value that exactly `wanted` scores reach, by bisection
    float kthLargest(int wanted) const {
        float low, high;
        range(low, high);
        const float* s = score.data();
        int neurons = touched;
        for (int round = 0; round < 30; round++) {
            float middle = 0.5f * (low + high);
            int reached = 0;
            for (int j = 0; j < neurons; j++) reached += s[j] >= middle;
            if (reached == wanted) return middle;
            (reached > wanted ? low : high) = middle;
        }
        return low;
    }

    // ------------------------------------------------ step 5: the kept neurons read the other events
    void secondLook() {
        for (int q = 0; q < keptCount; q++) {
            int j = kept[q];
            keptDrive[q] = p.drive * scale[j] * (current[j] + restOfEvents(j));
            keptScore[q] = p.reach * keptDrive[q] - theta[j];
        }
        counts.synaptic += encoder.events ? (double)(p.E - p.firstEvents()) * keptCount : 0;
    }
    // sum_i restEvents_i raw_ij over the blocks that have events
    float restOfEvents(int j) const {
        const Lanes* column = (const Lanes*)&byNeuron[(size_t)j * paddedD];
        const Lanes* events = (const Lanes*)encoder.restEvents.data();
        const int *block = encoder.restBlock.data(), *from = encoder.restFrom.data();
        Lanes even = {}, odd = {};
        int r = 0;
        for (; r + 1 < encoder.restUsed; r += 2) {
            even += events[from[r]] * column[block[r]];
            odd += events[from[r + 1]] * column[block[r + 1]];
        }
        if (r < encoder.restUsed) even += events[from[r]] * column[block[r]];
        return total(even + odd);
    }

    // step 6: nearest(1), nearest(2), ...: kept neurons by falling score (each time the largest, then crossed out)
    void rankNearest(int wanted) {
        int blocks = roundUp(keptCount) / Width;
        float* left = leftScore.data();
        for (int q = 0; q < keptCount; q++) left[q] = keptScore[q];
        for (int q = keptCount; q < blocks * Width; q++) left[q] = -2e30f;
        nearest.resize(std::min(wanted, keptCount));
        for (int& id : nearest) {
            Lanes best = *(const Lanes*)left;
            for (int b = 1; b < blocks; b++) best = ((const Lanes*)left)[b] > best ? ((const Lanes*)left)[b] : best;
            float top = largest(best);
            int at = 0;
            while (left[at] != top) at++;
            id = kept[at];
            left[at] = -2e30f;
        }
        counts.neuron += keptCount;
    }

    // ------------------------------------------------ step 7: leaky integration, one winner per step
    // Only neurons that can reach their threshold without inhibition take part: reach a_j >= Vth + theta_j.
    void beginSteps(bool learn) {
        members = 0;
        for (int q = 0; q < keptCount; q++)
            if (keptScore[q] >= p.vth) addMember(kept[q], p.vth + theta[kept[q]], keptDrive[q]);
        // the fresh neuron stands for all untouched ones. Its weights would be S/D each, so every image drives it alike:
        // sum_i xhat_i S/D = 10. It is a deadline: no weights, no random numbers.
        float freshDrive = p.totalDrive * 100 * p.columnSum / p.D / p.T;
        if (learn && touched < p.N && encoder.X > 0) addMember(touched, p.vth + p.thetaFresh, freshDrive);
        for (int m = members; m < roundUp(members); m++) {
            margin[m] = -1e30f;
            push[m] = 0;
        }
    }
    // v = 0 at the start; margin = v - threshold
    void addMember(int j, float thresholdOfJ, float drive) {
        member[members] = j;
        threshold[members] = thresholdOfJ;
        margin[members] = -thresholdOfJ;
        push[members] = drive - (1 - p.decay) * thresholdOfJ;
        members++;
    }
    // v <- d v + a, for the margin: m <- d m + (a - (1 - d) threshold). Returns the largest margin.
    float integrate() {
        Lanes best = Lanes{} - 1e30f;
        for (int b = 0; b * Width < members; b++) {
            Lanes& m = ((Lanes*)margin.data())[b];
            m = m * p.decay + ((const Lanes*)push.data())[b];
            best = m > best ? m : best;
        }
        return largest(best);
    }
    // If a margin is >= 0 the largest fires: its v = Vreset, every other v falls by the winner's threshold Vth + theta,
    // then (learning) theta_winner += thetaPlus. Returns the winner or -1.
    int step(bool learn) {
        float best = integrate();
        counts.steps++;
        counts.neuron += members;
        if (best < 0) return -1;
        int w = 0;
        while (margin[w] != best) w++;
        int j = member[w];
        for (int b = 0; b * Width < members; b++) ((Lanes*)margin.data())[b] -= threshold[w];
        if (learn && j < touched) {
            theta[j] += p.thetaPlus;
            threshold[w] += p.thetaPlus;
            push[w] -= (1 - p.decay) * p.thetaPlus;
        }
        margin[w] = p.vreset - threshold[w];
        if (count[j]++ == 0) fired.push_back(j);
        counts.spikes++;
        return j;
    }

    // ------------------------------------------------ step 8: learning
    // one sample with learning; the sample ends when the fresh neuron fires
    void learnFrom(const uint8_t* image) {
        firstLook(image);
        secondLook();
        rankNearest(p.voteNearest);
        beginSteps(true);
        for (int t = 0; t < p.T && members > 0 && imprinted < 0; t++)
            if (step(true) == touched) imprinted = touched;
        samples++;
        encoder.makeTrace(p.traceHalf);
        for (int j : fired) if (j != imprinted) potentiate(j);
        if (encoder.X > 0) decayThresholds();  // an empty image is not a sample: it must not lower the thresholds
        if (imprinted >= 0) imprint(touched++);
        counts.fired += fired.size();
        counts.stdp += (double)encoder.active * fired.size();
        counts.norm += fired.size();
    }

    // W_ij <- W_ij + n_j eta_j f_i, eta_j = max(etaLast, 1/(n0 + s_j)) ; then sum_i W_ij = S by one factor per neuron
    void potentiate(int j) {
        float eta = std::max(p.etaLast, 1 / (p.n0 + spikesSoFar[j])), step = count[j] * eta / scale[j];
        float *column = &byNeuron[(size_t)j * paddedD], *cell = &byInput[j];
        Lanes added = {};
        for (int u = 0; u < encoder.used; u++) {
            int i = encoder.usedBlock[u] * Width;
            Lanes change = step * *(const Lanes*)&encoder.trace[i];
            *(Lanes*)(column + i) += change;
            added += change;
            for (int c = i; c < i + Width; c++) if (encoder.pixel[c]) cell[(size_t)c * stride] = column[c];
        }
        rawSum[j] += total(added);
        scale[j] = p.columnSum / rawSum[j];
        spikesSoFar[j] += count[j];
        lastWin[j] = samples;
        if (scale[j] < 1e-3f) rewrite(j);
    }
    // raw_ij <- W_ij, scale_j = 1, so that the stored numbers stay small (about once in 1,500 spikes)
    void rewrite(int j) {
        float* column = &byNeuron[(size_t)j * paddedD];
        rawSum[j] = 0;
        for (int i = 0; i < p.D; i++) {
            column[i] *= scale[j];
            byInput[(size_t)i * stride + j] = column[i];
            rawSum[j] += column[i];
        }
        scale[j] = p.columnSum / rawSum[j];
        counts.norm += p.D;
    }
    // theta_j <- thetaKeep theta_j, after a sample without a spike also times 0.98
    void decayThresholds() {
        float keep = p.thetaKeep * (fired.empty() ? p.silentKeep : 1);
        for (int j = 0; j < touched; j++) theta[j] *= keep;
        counts.decay += touched;
    }

    // W_j = S f / sum_i f_i ; theta_j = 3 * 44.8/35 * sum_i xhat_i W_ij (its own drive on this sample)
    void imprint(int j) {
        float* column = &byNeuron[(size_t)j * paddedD];
        std::fill(column, column + paddedD, 0.0f);
        double sum = 0, own = 0;
        for (int u = 0; u < encoder.used; u++)
            for (int i = encoder.usedBlock[u] * Width, end = i + Width; i < end; i++) {
                column[i] = encoder.trace[i];
                sum += column[i];
                own += column[i] * encoder.pixel[i];
            }
        for (int i = 0; i < p.D; i++) byInput[(size_t)i * stride + j] = column[i];
        rawSum[j] = sum;
        scale[j] = p.columnSum / rawSum[j];
        theta[j] = p.imprintShare * scale[j] * own * 100 / encoder.X;
        spikesSoFar[j] = 1;
        lastWin[j] = samples;
    }
    // the neuron whose last spike is longest ago
    int stalest() const { return std::min_element(lastWin.begin(), lastWin.end()) - lastWin.begin(); }
};

// ================================================================ labels
struct Labels {
    int C, stride;
    Aligned<float> R, M;           // evidence and neighbours' message, [j][c]
    vector<float> h;               // h_j = sum_c R_jc
    vector<int> owner, owned;      // class with the largest R_jc (-1: none yet); neurons per class
    int classesSeen = 0;
    Aligned<float> votes, share, mean;
    // change alarm
    vector<int> seen;              // labels per class
    double errorFast = 0, errorSlow = 0, labelled = 0;
    bool alarm = false;
    int renewed = 0, renewedInAll = 0, alarms = 0, claimed = 0;

    Labels(int N, int classes) : C(classes), stride(roundUp(classes)) {
        R.assign((size_t)N * stride, 0);
        M.assign((size_t)N * stride, 0);
        h.assign(N, 0);
        owner.assign(N, -1);
        owned.assign(classes, 0);
        for (auto a : {&votes, &mean}) a->assign(stride, 0);
        share.assign((size_t)64 * stride, 0);
        seen.assign(classes, 0);
    }

    // to_c += weight P_jc,  P_jc = (R_jc + lambda M_jc) / (h_j + lambda)
    void addShare(float* to, int j, float weight, const Parameters& p) const {
        const float *r = &R[(size_t)j * stride], *m = &M[(size_t)j * stride];
        float w = weight / (h[j] + p.lambda), wm = w * p.lambda;
        for (int c = 0; c < stride; c++) to[c] += w * r[c] + wm * m[c];
    }
    // step 9: votes_c = 3 sum_q P_nearest(q),c / q      (later every spike of neuron j adds P_jc)
    void voteOfNearest(Network& n) {
        std::fill(&votes[0], &votes[0] + stride, 0.0f);
        for (size_t q = 0; q < n.nearest.size(); q++) addShare(&votes[0], n.nearest[q], n.p.voteWeight / (q + 1), n.p);
        n.counts.label += 2.0 * C * n.nearest.size();
    }
    void voteOf(int j, float spikes, Network& n) {
        addShare(&votes[0], j, spikes, n.p);
        n.counts.label += 2.0 * C;
    }
    int winner() const { return std::max_element(&votes[0], &votes[0] + C) - &votes[0]; }
    float lead(Network& n) const {
        int first = winner();
        n.counts.label += C;
        float second = 0;
        for (int c = 0; c < C; c++) if (c != first) second = std::max(second, votes[c]);
        return votes[first] - second;
    }

    // step 10: neurons that fired: R_j <- 0.995^n_j R_j, R_jy += n_j ; nearest q = 1..10: R_jy += 1/q / (1 + h_j)
    void credit(Network& n, int y) {
        for (int j : n.fired) {
            float keep = std::pow(n.p.forget, (float)n.count[j]), *r = &R[(size_t)j * stride];
            for (int c = 0; c < stride; c++) r[c] *= keep;
            h[j] *= keep;
            addEvidence(j, y, n.count[j]);
            n.counts.label += C;
        }
        for (int q = 0; q < std::min<int>(n.p.creditNearest, n.nearest.size()); q++) {
            int j = n.nearest[q];
            addEvidence(j, y, 1.0f / (q + 1) / (1 + h[j]));
        }
    }
    void addEvidence(int j, int y, float amount) {
        float* r = &R[(size_t)j * stride];
        r[y] += amount;
        h[j] += amount;
        if (owner[j] >= 0 && r[y] <= r[owner[j]]) return;
        if (owner[j] >= 0) owned[owner[j]]--;
        owner[j] = y;
        owned[y]++;
    }

    // step 13, every sample: nearest q = 1..5: M_j += 0.3 (mean of the other four P, weights 1/q, - M_j)
    void spread(Network& n) {
        int near = std::min<int>(n.p.spreadNearest, n.nearest.size());
        if (near < 2) return;
        float weights = 0;
        std::fill(&share[0], &share[0] + near * stride, 0.0f);
        std::fill(&mean[0], &mean[0] + stride, 0.0f);
        for (int q = 0; q < near; q++) {
            float* own = &share[q * stride];
            addShare(own, n.nearest[q], 1.0f / (q + 1), n.p);
            for (int c = 0; c < stride; c++) mean[c] += own[c];
            weights += 1.0f / (q + 1);
        }
        for (int q = 0; q < near; q++) {
            float *m = &M[(size_t)n.nearest[q] * stride], *own = &share[q * stride], others = 1 / (weights - 1.0f / (q + 1));
            for (int c = 0; c < stride; c++) m[c] += n.p.spreadRate * ((mean[c] - own[c]) * others - m[c]);
        }
        n.counts.label += 4.0 * C * near;
    }

    // step 12: error over the last 50 labels of known classes, compared with that over the last 2,000
    void watch(Network& n, int y, bool right) {
        if (seen[y]++ < n.p.knownAfter || n.p.alarmOn <= 0) return;
        labelled++;
        errorFast += (!right - errorFast) / std::min<double>(labelled, n.p.fastWindow);
        if (!alarm) errorSlow += (!right - errorSlow) / std::min<double>(labelled, n.p.slowWindow);
        bool bad = errorFast > errorSlow + n.p.alarmOn * (1 - errorSlow), good = errorFast < errorSlow + n.p.alarmOff * (1 - errorSlow);
        if (!alarm && n.touched == n.p.N && labelled > 500 && bad) {
            alarm = true;
            alarms++;
            renewed = 0;
        }
        if (alarm && (good || renewed >= n.p.N)) {
            alarm = false;
            labelled = errorFast = errorSlow = 0;
        }
        if (alarm && !right) {
            renew(n, n.stalest(), y);
            renewed++;
        }
    }
    // step 11: after an error, a class with less than fairShare of N / (classes seen) neurons takes the least used
    // neuron of the class that has most
    void claim(Network& n, int y, bool right) {
        classesSeen += seen[y] == 0;
        if (right || alarm || n.touched < n.p.N || owned[y] >= n.p.fairShare * n.p.N / classesSeen) return;
        int richest = std::max_element(owned.begin(), owned.end()) - owned.begin(), least = -1;
        if (owned[richest] <= owned[y] + 1) return;
        for (int j = 0; j < n.p.N; j++)
            if (owner[j] == richest && (least < 0 || n.spikesSoFar[j] < n.spikesSoFar[least])) least = j;
        if (least < 0) return;
        renew(n, least, y);
        claimed++;
    }
    // neuron j becomes a copy of this sample, with its label
    void renew(Network& n, int j, int y) {
        n.imprint(j);
        if (owner[j] >= 0) owned[owner[j]]--;
        owner[j] = -1;
        std::fill(&R[(size_t)j * stride], &R[(size_t)j * stride] + stride, 0.0f);
        std::fill(&M[(size_t)j * stride], &M[(size_t)j * stride] + stride, 0.0f);
        h[j] = 0;
        addEvidence(j, y, 5);
        renewedInAll++;
    }
};

// ================================================================ agent: network and labels
struct Agent {
    Network network;
    Labels labels;
    Agent(const Settings& s, int N, int rows, int columns, int classes) : network(s, N, rows, columns), labels(N, classes) {}

    // one sample of its life: learn, vote, then (label >= 0) use the label. Returns the vote made before the label was used.
    int live(const uint8_t* image, int label) {
        network.learnFrom(image);
        labels.voteOfNearest(network);
        for (int j : network.fired) labels.voteOf(j, network.count[j], network);
        int answer = labels.winner();
        if (network.encoder.X == 0) return answer;  // nothing was shown: there is nothing to label
        if (label >= 0) {
            labels.credit(network, label);
            labels.claim(network, label, answer == label);
            labels.watch(network, label, answer == label);
        }
        labels.spread(network);
        return answer;
    }

    // a decision without learning. Early exit: the nearest neurons vote before the first step, so a clear case needs no steps
    // (exit = lead needed), or, with exitFirst, not even the later events.
    int decide(const uint8_t* image) {
        Network& n = network;
        const Parameters& p = n.p;
        n.firstLook(image);
        if (p.exitLeadFirst > 0 && nearestAgree(p.exitLeadFirst)) {
            n.counts.exitsFirst++;
            return labels.winner();
        }
        n.secondLook();
        if (nearestAgree(p.exitLead)) {
            n.counts.exitsBefore++;
            return labels.winner();
        }
        n.beginSteps(false);
        for (int t = 0; t < p.T && n.members > 0; t++) {
            int j = n.step(false);
            if (j < 0) continue;
            labels.voteOf(j, 1, n);
            if (p.exitLead > 0 && labels.lead(n) >= p.exitLead) break;
        }
        return labels.winner();
    }
    bool nearestAgree(float leadNeeded) {
        network.rankNearest(network.p.voteNearest);
        labels.voteOfNearest(network);
        return leadNeeded > 0 && labels.lead(network) >= leadNeeded;
    }
};

// ================================================================ data
struct Images {
    int count = 0, rows = 0, columns = 0, classes = 0;
    vector<uint8_t> x;
    vector<int> y;
    int inputs() const { return rows * columns; }
    const uint8_t* at(int k) const { return &x[(size_t)k * inputs()]; }
};

static vector<uint8_t> readFile(const string& name) {
    FILE* file = fopen(name.c_str(), "rb");
    if (!file) { perror(name.c_str()); exit(1); }
    fseek(file, 0, SEEK_END);
    vector<uint8_t> body(ftell(file));
    rewind(file);
    if (fread(body.data(), 1, body.size(), file) != body.size()) exit(1);
    fclose(file);
    return body;
}
static int bigEndian(const vector<uint8_t>& b, int at) { return b[at] << 24 | b[at + 1] << 16 | b[at + 2] << 8 | b[at + 3]; }

static Images readIdx(const string& images, const string& labels) {
    vector<uint8_t> a = readFile(images), b = readFile(labels);
    Images set;
    set.count = bigEndian(a, 4);
    set.rows = bigEndian(a, 8);
    set.columns = bigEndian(a, 12);
    set.x.assign(a.begin() + 16, a.end());
    set.y.assign(b.begin() + 8, b.end());
    set.classes = *std::max_element(set.y.begin(), set.y.end()) + 1;
    return set;
}

// class c has random active inputs (a fifth of them); a sample drops a tenth of these and adds noise
static Images synthetic(int count, int inputs, int classes, uint64_t seed) {
    Images set;
    set.count = count;
    set.rows = 1;
    set.columns = inputs;
    set.classes = classes;
    Random prototypes{12345}, r{seed};
    vector<uint8_t> prototype((size_t)classes * inputs);
    for (auto& v : prototype) v = prototypes.uniform() < 0.2 ? 55 + 200 * prototypes.uniform() : 0;
    for (int k = 0; k < count; k++) {
        int c = r.next() % classes;
        set.y.push_back(c);
        for (int i = 0; i < inputs; i++) {
            int v = prototype[(size_t)c * inputs + i];
            set.x.push_back(v && r.uniform() > 0.1 ? std::min(255.0, v * (0.7 + 0.6 * r.uniform())) : 0);
        }
    }
    return set;
}

static Images subset(const Images& a, const vector<int>& id) {
    Images set = a;
    set.count = id.size();
    set.x.clear();
    set.y.clear();
    for (int k : id) {
        set.x.insert(set.x.end(), a.at(k), a.at(k) + a.inputs());
        set.y.push_back(a.y[k]);
    }
    return set;
}
static void shuffle(vector<int>& v, Random& r) {
    for (int i = (int)v.size() - 1; i > 0; i--) std::swap(v[i], v[r.next() % (i + 1)]);
}

struct Data {
    Images train, check;
    Data(const Settings& s, int seed) {
        bool onTest = s.number("test", 0);
        string folder = s.text("dir", ".") + "/" + s.text("data", "mnist") + "/";
        bool made = s.text("data", "mnist") == "synthetic";
        int inputs = s.number("inputs", 37), classes = s.number("classes", 10);
        Images all = made ? synthetic(s.number("samples", 30000), inputs, classes, 1) : readIdx(folder + "train-images-idx3-ubyte", folder + "train-labels-idx1-ubyte");
        Images test = made ? synthetic(5000, inputs, classes, 2) : readIdx(folder + "t10k-images-idx3-ubyte", folder + "t10k-labels-idx1-ubyte");
        vector<int> a, v;
        for (int k = 0; k < all.count; k++) (onTest || k < all.count - all.count / 6 ? a : v).push_back(k);
        Random r{(uint64_t)seed * 31337 + 5};
        shuffle(a, r);
        train = subset(all, a);
        check = onTest ? test : subset(all, v);
    }
};

// ================================================================ experiments
struct Result { double accuracy, seconds; Counts counts; };

// accuracy of decisions on the classes below `classes`, without learning
static Result measure(Agent& a, const Images& set, int classes = 1 << 30) {
    Counts keep = a.network.counts;
    a.network.counts = Counts();
    int right = 0, shown = 0;
    double start = cpuSeconds();
    for (int k = 0; k < set.count; k++) {
        if (set.y[k] >= classes) continue;
        right += a.decide(set.at(k)) == set.y[k];
        shown++;
    }
    Result r{100.0 * right / std::max(1, shown), (cpuSeconds() - start) / std::max(1, shown), a.network.counts};
    a.network.counts = keep;
    return r;
}
static Agent makeAgent(const Settings& s, const Data& d) {
    return Agent(s, s.number("N", 400), d.train.rows, d.train.columns, d.train.classes);
}
static bool contains(const vector<double>& v, double x) { return std::find(v.begin(), v.end(), x) != v.end(); }

// prequential: every sample is voted on before its label is used
static void stream(const Settings& s, int seed) {
    Data data(s, seed);
    Agent a = makeAgent(s, data);
    Random order{(uint64_t)seed * 77 + 3};
    int samples = s.number("train", 20000), window = s.number("window", 1000), right = 0, reached = -1;
    double share = s.number("labels", 1), goal = s.number("goal", 80), seconds = 0, all = 0;
    vector<double> show = s.list("show", "1000,2500,5000,10000,20000,60000,200000,500000,1000000"), check = s.list("check", "20000,60000,200000,500000,1000000");
    vector<int> id(data.train.count);
    vector<char> hit(window, 0);
    for (size_t i = 0; i < id.size(); i++) id[i] = i;
    printf("STREAM %s N=%d labels=%g seed=%d |", s.text("data", "mnist").c_str(), a.network.p.N, share, seed);
    double start = cpuSeconds();
    for (int k = 0; k < samples; k++) {
        if (k && k % data.train.count == 0) shuffle(id, order);
        int at = id[k % data.train.count], label = order.uniform() < share ? data.train.y[at] : -1;
        bool ok = a.live(data.train.at(at), label) == data.train.y[at];
        right += ok - hit[k % window];
        hit[k % window] = ok;
        all += ok;
        if (reached < 0 && k + 1 >= window && right >= goal / 100 * window) reached = k + 1;
        if (contains(show, k + 1)) printf(" %d:%.1f", k + 1, 100.0 * right / std::min(window, k + 1));
        if (!contains(check, k + 1) && k + 1 < samples) continue;
        seconds += cpuSeconds() - start;
        Result r = measure(a, data.check);
        const Counts& c = a.network.counts;
        printf(" [%d acc %.2f | train us %.2f uJ %.4f (labels %.4f) spikes %.1f touched %d | infer us %.2f uJ %.4f (vote %.4f)]", k + 1, r.accuracy, seconds / (k + 1) * 1e6,
               c.all(), c.labels(), c.spikes / c.samples, a.network.touched, r.seconds * 1e6, r.counts.all(), r.counts.labels());
        fflush(stdout);
        start = cpuSeconds();
    }
    printf(" mean %.2f to%.0f%% %d renewed %d alarms %d claimed %d\n", 100 * all / samples, goal, reached, a.labels.renewedInAll, a.labels.alarms, a.labels.claimed);
    fflush(stdout);
}

static void learnAll(Agent& a, const Images& set, int samples) {
    for (int k = 0; k < samples; k++) a.live(set.at(k % set.count), set.y[k % set.count]);
}
static void printResult(const char* what, double x, double y, double z, const Result& r) {
    printf("%s %g %g %g acc %.2f uJ %.4f us %.2f steps %.1f spikes %.1f exits first %.1f%% before steps %.1f%%\n", what, x, y, z, r.accuracy, r.counts.all(), r.seconds * 1e6,
           r.counts.steps / r.counts.samples, r.counts.spikes / r.counts.samples, 100 * r.counts.exitsFirst / r.counts.samples, 100 * r.counts.exitsBefore / r.counts.samples);
    fflush(stdout);
}

// one network, learned at the standard point, decided at others
static void points(const Settings& s, int seed) {
    Data data(s, seed);
    Agent a = makeAgent(s, data);
    learnAll(a, data.train, s.number("train", 20000));
    for (double T : s.list("Ts", "350,100,50,35,25,16,10,8,5"))
        for (double E : s.list("Es", "400,200,150,100,75,50,25"))
            for (double K : s.list("Ks", "96,48,24,12")) {
                a.network.p.setPoint(T, E, K);
                printResult("POINT T E K", T, E, K, measure(a, data.check));
            }
}

// early exit: after the first events at the lead exitFirst, after all events or during the steps at the lead exit
static void exits(const Settings& s, int seed) {
    Data data(s, seed);
    Agent a = makeAgent(s, data);
    learnAll(a, data.train, s.number("train", 20000));
    for (double first : s.list("exitsFirst", "0,8,7.5,7,6,5,4,3"))
        for (double lead : s.list("exits", "0,8,6,5,4,3,2,1,0.5,0.01")) {
            a.network.p.exitLeadFirst = first;
            a.network.p.exitLead = lead;
            printResult("EXIT first lead", first, lead, 0, measure(a, data.check));
        }
}

static void schedule(const Settings& s, int seed) {
    Data data(s, seed);
    for (const char* plan : {"35,35,35,35,35", "350,90,35,16,350"}) {
        Agent a = makeAgent(s, data);
        int per = s.number("per", 10000), phase = 0;
        printf("SCHEDULE %s seed=%d %s:", s.text("data", "mnist").c_str(), seed, plan);
        for (double T : Settings().list("", plan)) {
            a.network.p.setPoint(T, a.network.p.E, a.network.p.K);
            int right = 0, first = 0;
            for (int k = 0; k < per; k++) {
                int at = (phase * per + k) % data.train.count;
                bool ok = a.live(data.train.at(at), data.train.y[at]) == data.train.y[at];
                right += ok;
                first += ok && k < 1000;
            }
            printf(" %.1f/%.1f", first / 10.0, 100.0 * right / per);
            phase++;
        }
        a.network.p.setPoint(35, a.network.p.E, a.network.p.K);
        printf(" check at 35: %.2f\n", measure(a, data.check).accuracy);
        fflush(stdout);
    }
}

// groups of classes one after the other; accuracy over the classes seen so far (last: all)
static void classes(const Settings& s, int seed) {
    Data data(s, seed);
    Agent a = makeAgent(s, data);
    Random order{(uint64_t)seed * 77 + 3};
    int group = s.number("group", 2), per = s.number("per", 4000);
    double share = s.number("labels", 1);
    printf("CLASSES %s N=%d labels=%g seed=%d by %d |", s.text("data", "mnist").c_str(), a.network.p.N, share, seed, group);
    for (int c = 0; c < data.train.classes; c += group) {
        vector<int> id;
        for (int k = 0; k < data.train.count; k++) if (data.train.y[k] >= c && data.train.y[k] < c + group) id.push_back(k);
        for (int k = 0; k < per; k++) {
            int at = id[k % id.size()];
            a.live(data.train.at(at), order.uniform() < share ? data.train.y[at] : -1);
        }
        printf(" %d:%.1f(%d)", c + group - 1, measure(a, data.check, c + group).accuracy, a.network.touched);
    }
    printf(" renewed %d alarms %d claimed %d\n", a.labels.renewedInAll, a.labels.alarms, a.labels.claimed);
    fflush(stdout);
}

// the changed image: shifted by 3 pixels, permuted, or inverted
static void changeImage(const string& kind, const Images& set, const uint8_t* x, const vector<int>& permuted, vector<uint8_t>& out) {
    for (int i = 0; i < set.inputs(); i++) {
        int row = i / set.columns - 3, column = i % set.columns - 3;
        if (kind == "invert") out[i] = 255 - x[i];
        else if (kind == "permute") out[i] = x[permuted[i]];
        else out[i] = row >= 0 && column >= 0 ? x[row * set.columns + column] : 0;
    }
}
static void drift(const Settings& s, int seed) {
    Data data(s, seed);
    Agent a = makeAgent(s, data);
    Random order{(uint64_t)seed * 77 + 3};
    string kind = s.text("drift", "shift");
    int D = data.train.inputs(), at = s.number("at", 20000), more = s.number("more", 20000), sum = 0, back = -1;
    double share = s.number("labels", 1), before = 0;
    vector<int> permuted(D);
    vector<uint8_t> changed(D), hit;
    for (int i = 0; i < D; i++) permuted[i] = i;
    shuffle(permuted, order);
    auto mean = [&](int from, int to) {
        double right = 0;
        from = std::max(0, from);
        to = std::min(to, (int)hit.size());
        for (int k = from; k < to; k++) right += hit[k];
        return 100 * right / std::max(1, to - from);
    };
    for (int k = 0; k < at + more; k++) {
        int id = k % data.train.count;
        const uint8_t* x = data.train.at(id);
        if (k >= at) changeImage(kind, data.train, x, permuted, changed);
        bool ok = a.live(k >= at ? changed.data() : x, order.uniform() < share ? data.train.y[id] : -1) == data.train.y[id];
        hit.push_back(ok);
        sum += ok - (k >= 500 ? hit[k - 500] : 0);
        if (k == at - 1) before = mean(at - 2000, at);
        if (k >= at + 500 && back < 0 && sum / 5.0 >= before - 3) back = k + 1 - at;
    }
    printf("DRIFT %s N=%d labels=%g seed=%d %s | before %.1f first 500 %.1f within 3 points after %d last 2000 %.1f renewed %d alarms %d claimed %d\n", s.text("data", "mnist").c_str(), a.network.p.N,
           share, seed, kind.c_str(), before, mean(at, at + 500), back, mean(at + more - 2000, at + more), a.labels.renewedInAll, a.labels.alarms, a.labels.claimed);
    fflush(stdout);
}

int main(int argc, char** argv) {
    Settings s;
    for (int i = 1; i < argc; i++) {
        const char* equals = strchr(argv[i], '=');
        if (!equals) { printf("name=value expected: %s\n", argv[i]); return 1; }
        s.given[string(argv[i], equals - argv[i])] = equals + 1;
    }
    std::map<string, void (*)(const Settings&, int)> modes = {{"stream", stream}, {"classes", classes}, {"drift", drift}, {"points", points}, {"schedule", schedule}, {"exits", exits}};
    auto mode = modes.find(s.text("mode", "stream"));
    if (mode == modes.end()) { printf("unknown mode\n"); return 1; }
    for (double seed : s.list("seeds", "1")) mode->second(s, (int)seed);
}
