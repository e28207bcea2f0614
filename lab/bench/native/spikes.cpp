// Spikes in time in native code, 784 inputs, AVX-512. The kernel's presentation with spikes in time is compared with
// it, and its rules were first tried here. The equations are in docs/method.md, section 1.
//   build:  g++ -O3 -march=native -std=c++17 spikes.cpp -o spikes
//   run:    ./spikes dir=FOLDER N=400 thp=0.4 inh=180 eta=0.01 tth=5e7 inorm=100 ntrain=20000 ckpt=20000 ntest=10000
//   at T:   T=50 kt=1 kref=1 refl=1 kth=1 krg=-1 kr=-0.5 ratecap=900   (kr: -a, power of r = T/350 of the input rate)
#include <immintrin.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>
using namespace std;
typedef chrono::steady_clock Clk;
#include <time.h>
static double now() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}
struct DS {
  vector<uint8_t> x, y;
  int n;
};
static DS loadds(string im, string lb) {
  DS d;
  FILE* f = fopen(im.c_str(), "rb");
  if (!f) {
    perror(im.c_str());
    exit(1);
  }
  uint8_t h[16];
  if (fread(h, 1, 16, f) != 16) exit(1);
  d.n = (h[4] << 24) | (h[5] << 16) | (h[6] << 8) | h[7];
  d.x.resize((size_t)d.n * 784);
  if (fread(d.x.data(), 1, d.x.size(), f) != d.x.size()) exit(1);
  fclose(f);
  f = fopen(lb.c_str(), "rb");
  if (fread(h, 1, 8, f) != 8) exit(1);
  d.y.resize(d.n);
  if (fread(d.y.data(), 1, d.n, f) != (size_t)d.n) exit(1);
  fclose(f);
  return d;
}
static map<string, string> A;
static double G(const char* k, double d) {
  auto i = A.find(k);
  return i == A.end() ? d : atof(i->second.c_str());
}
static string S(const char* k, const char* d) {
  auto i = A.find(k);
  return i == A.end() ? string(d) : i->second;
}
static vector<int> L(const char* k, const char* d) {
  vector<int> v;
  string s = S(k, d);
  size_t p = 0;
  while (p < s.size()) {
    v.push_back(atoi(s.c_str() + p));
    p = s.find(',', p);
    if (p == string::npos) break;
    p++;
  }
  return v;
}
struct Xo {
  uint64_t s;
  uint64_t next() {
    s += 0x9E3779B97F4A7C15ull;
    uint64_t z = s;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  double u() { return (next() >> 11) * (1.0 / 9007199254740992.0); }
};
struct VRng {
  __m512i a, b;
  void seed(uint64_t s) {
    Xo x{s};
    alignas(64) uint64_t t[8];
    for (auto& q : t) q = x.next() | 1;
    a = _mm512_load_si512(t);
    for (auto& q : t) q = x.next() | 1;
    b = _mm512_load_si512(t);
  }
  inline __m512i next() {  // xorshift128+ per 64b lane
    __m512i s1 = a, s0 = b;
    __m512i r = _mm512_add_epi64(s1, s0);
    a = s0;
    s1 = _mm512_xor_si512(s1, _mm512_slli_epi64(s1, 23));
    b = _mm512_xor_si512(_mm512_xor_si512(s1, s0),
                         _mm512_xor_si512(_mm512_srli_epi64(s1, 18), _mm512_srli_epi64(s0, 5)));
    return r;
  }
};
// effective parameters at a given T
struct Eff {
  int T;
  float dec;
  float gain;
  float rate;
  int ref;
  float tpre, tpost;
  float thp;
  float thdec;
  float eta, etap;
  float inh;
  float vth, vreset;
  vector<float> tabpre, tabpost;
};
static double T0 = 350;
static Eff eff(int T) {
  Eff e;
  double r = T / T0;
  e.T = T;
  auto pw = [&](const char* k, double d) { return pow(r, G(k, d)); };
  double tm = G("tm", 100) * pw("kt", 0);
  e.dec = exp(-1 / tm);
  e.gain = G("gain", 1) * pw("kg", 0);
  if (G("kgI", 0) != 0)  // exact leaky-integral compensation: gain ratio of integral
  {
    double tm0 = G("tm", 100);
    e.gain = G("gain", 1) * (tm0 * (1 - exp(-T0 / tm0))) / (tm * (1 - exp(-T / tm)));
  }
  e.rate = G("rate", 128) * pw("kr", 0);
  if (A.count("ratecap")) e.rate = min<double>(e.rate, G("ratecap", 1000));
  if (G("krg", 0) != 0)
    e.gain = G("gain", 1) * pow(r, G("krg", 0)) * G("rate", 128) /
             e.rate;  // gain*rate ~ r^krg exactly, whatever the rate cap
  {
    double rr = G("ref", 5) * pw("kref", 0);
    e.ref = G("refl", 0) > 0 ? (int)floor(rr + 1e-9) : (int)lround(rr);
  }
  e.tpre = G("tpre", 20) * pw("ks", 0);
  e.tpost = G("tpost", 20) * pw("ks", 0);
  e.thp = G("thp", 0.05) * pw("kthp", 0);
  double tth = G("tth", 1e7) * pw("kth", 0);
  e.thdec = exp(-T / tth);
  e.eta = G("eta", 1e-2) * pw("keta", 0);
  e.etap = G("etap", 1e-4) * pw("keta", 0);
  e.inh = G("inh", 120) * pw("kinh", 0);
  e.vth = G("vth", 13) * pw("kvth", 0);
  e.vreset = G("vreset", 5) * pw("kvth", 0);
  e.tabpre.resize(T + 1);
  e.tabpost.resize(T + 1);
  for (int i = 0; i <= T; i++) {
    e.tabpre[i] = exp(-i / e.tpre);
    e.tabpost[i] = exp(-i / e.tpost);
  }
  return e;
}
struct Cost {
  double insp = 0, fsop = 0, nupd = 0, stdp = 0, norm = 0, outsp = 0, rng = 0, steps = 0, n = 0, t = 0, silent = 0;
};
struct Net {
  int N, NP;
  float* W;
  float *th, *v;
  int* ru;
  vector<int> cnt;
  VRng rng;
  Xo xr;
  int stdp;
  float wmax, norm, xtar;
  bool soft;
  int enc;
  double inorm;
  float vmin;
  float vminf;
  vector<int> idx;
  vector<uint16_t> p16, acc16;
  vector<float> xin;
  int lastpre[784];
  vector<int> spiked;
  vector<int> lastpost;
  vector<uint16_t> ph;
  vector<vector<int>> bucket;
  float* Ic;
  int thall;
  double pow_;
  void init(uint64_t seed) {
    N = G("N", 400);
    NP = (N + 15) / 16 * 16;
    xr.s = seed * 7919 + 13;
    rng.seed(seed * 104729 + 7);
    W = (float*)aligned_alloc(64, (size_t)784 * NP * 4);
    th = (float*)aligned_alloc(64, NP * 4 + 64);
    v = (float*)aligned_alloc(64, NP * 4 + 64);
    ru = (int*)aligned_alloc(64, NP * 4 + 64);
    Ic = (float*)aligned_alloc(64, NP * 4 + 64);
    for (size_t i = 0; i < (size_t)784 * NP; i++) W[i] = (int)(i % NP) < N ? 0.3 * xr.u() : 0;
    for (int j = 0; j < NP; j++) th[j] = j < N ? G("th0", 0) : 1e9;
    cnt.assign(NP, 0);
    stdp = G("stdp", 0);
    wmax = G("wmax", 1);
    norm = G("norm", 78.4);
    xtar = G("xtar", 0.4);
    soft = G("soft", 0);
    enc = G("enc", 0);
    inorm = G("inorm", 0);
    vminf = G("vmin", 1e9);
    thall = G("thall", 0);
    pow_ = G("pow", 1);
    lastpost.assign(NP, -1000000);
    ph.resize(784);
    for (auto& q : ph) q = xr.next() & 0xffff;
    for (int j = 0; j < N; j++) normcol(j);
  }
  void normcol(int j) {
    if (norm <= 0) return;
    float s = 0;
    float* w = W + j;
    for (int i = 0; i < 784; i++) s += w[(size_t)i * NP];
    if (s > 0) {
      float k = norm / s;
      for (int i = 0; i < 784; i++) w[(size_t)i * NP] *= k;
    }
  }
  // vote state for early exit; prop is N x 10
  const float* prop = nullptr;
  int eemin = 0;
  float eemarg = 0;
  int besti;
  int tre = 0;
  int skipk = 0;
  float qw = 0;
  template <bool LEARN>
  int run(const uint8_t* img, const Eff& e, Cost& c) {
    const int T = e.T;
    double t0 = now();
    idx.clear();
    xin.clear();
    double sum = 0;
    for (int i = 0; i < 784; i++)
      if (img[i]) {
        idx.push_back(i);
        float x = img[i] / 255.f;
        if (pow_ != 1) x = powf(x, pow_);
        xin.push_back(x);
        sum += x;
      }
    float sc = inorm > 0 && sum > 0 ? inorm / sum : 1;
    int na = idx.size();
    int nb = (na + 31) / 32;
    p16.assign(nb * 32, 0);
    acc16.assign(nb * 32, 0);
    for (int k = 0; k < na; k++) {
      float p = xin[k] * sc * e.rate * 1e-3f;
      if (p > 1) p = 1;
      p16[k] = (uint16_t)min(65535.f, p * 65536.f);
      acc16[k] = ph[idx[k]];
      xin[k] = p;
    }
    if (enc == 2) {
      bucket.resize(T);
      for (auto& b : bucket) b.clear();
      float mx = 0;
      for (int k = 0; k < na; k++) mx = max(mx, xin[k]);
      for (int k = 0; k < na; k++) {
        int t = (int)((1 - xin[k] / mx) * T * 0.999f);
        if (xin[k] / mx >= G("ttfsmin", 0.1)) bucket[t].push_back(idx[k]);
      }
    }
    for (int i = 0; i < 784; i++) lastpre[i] = -1000000;
    for (int j = 0; j < NP; j++) {
      v[j] = 0;
      ru[j] = 0;
    }
    for (int j : spiked) {
      lastpost[j] = -1000000;
      cnt[j] = 0;
    }
    spiked.clear();
    const __m512 dec = _mm512_set1_ps(e.dec), gain = _mm512_set1_ps(e.gain), vth = _mm512_set1_ps(e.vth);
    static int spk[1024];
    int ns = 0;
    int nout = 0;
    double insp = 0;
    float vminv = -vminf;
    float cls[10] = {0};
    int tdone = T;
    if (enc == 3) {  // direct current: I = sum x_i W_i once
      for (int jb = 0; jb < NP; jb += 16) {
        __m512 a = _mm512_setzero_ps();
        for (int k = 0; k < na; k++)
          a = _mm512_fmadd_ps(_mm512_set1_ps(xin[k]), _mm512_load_ps(W + (size_t)idx[k] * NP + jb), a);
        _mm512_store_ps(Ic + jb, a);
      }
      insp += na;
      for (int k = 0; k < na; k++) lastpre[idx[k]] = k;
    }
    for (int t = 0; t < T; t++) {
      ns = 0;
      if (enc == 0) {
        for (int b = 0; b < nb; b++) {
          __mmask32 m = _mm512_cmplt_epu16_mask(rng.next(), _mm512_loadu_si512(&p16[b * 32]));
          uint32_t mm = m;
          while (mm) {
            int k = __builtin_ctz(mm);
            mm &= mm - 1;
            spk[ns++] = idx[b * 32 + k];
          }
        }
      } else if (enc == 1) {
        for (int b = 0; b < nb; b++) {
          __m512i o = _mm512_loadu_si512(&acc16[b * 32]);
          __m512i n = _mm512_add_epi16(o, _mm512_loadu_si512(&p16[b * 32]));
          _mm512_storeu_si512(&acc16[b * 32], n);
          uint32_t mm = _mm512_cmplt_epu16_mask(n, o);
          while (mm) {
            int k = __builtin_ctz(mm);
            mm &= mm - 1;
            spk[ns++] = idx[b * 32 + k];
          }
        }
      } else if (enc == 2) {
        for (int i : bucket[t]) spk[ns++] = i;
      }
      insp += ns;
      bool any = false;
      __m512i tt = _mm512_set1_epi32(t);
      auto upd = [&](int j, __m512 a) {
        __m512 vv = _mm512_mul_ps(_mm512_load_ps(v + j), dec);
        __mmask16 ok = _mm512_cmple_epi32_mask(_mm512_load_si512(ru + j), tt);
        vv = _mm512_mask_add_ps(vv, ok, vv, _mm512_mul_ps(gain, a));
        _mm512_store_ps(v + j, vv);
        if (_mm512_cmp_ps_mask(vv, _mm512_add_ps(vth, _mm512_load_ps(th + j)), _CMP_GE_OQ)) any = true;
      };
      int jb = 0;
      if (enc == 3) {
        for (; jb < NP; jb += 16) upd(jb, _mm512_load_ps(Ic + jb));
      }
      for (; jb + 128 <= NP; jb += 128) {
        __m512 a0 = _mm512_setzero_ps(), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        for (int s = 0; s < ns; s++) {
          const float* w = W + (size_t)spk[s] * NP + jb;
          a0 = _mm512_add_ps(a0, _mm512_load_ps(w));
          a1 = _mm512_add_ps(a1, _mm512_load_ps(w + 16));
          a2 = _mm512_add_ps(a2, _mm512_load_ps(w + 32));
          a3 = _mm512_add_ps(a3, _mm512_load_ps(w + 48));
          a4 = _mm512_add_ps(a4, _mm512_load_ps(w + 64));
          a5 = _mm512_add_ps(a5, _mm512_load_ps(w + 80));
          a6 = _mm512_add_ps(a6, _mm512_load_ps(w + 96));
          a7 = _mm512_add_ps(a7, _mm512_load_ps(w + 112));
        }
        upd(jb, a0);
        upd(jb + 16, a1);
        upd(jb + 32, a2);
        upd(jb + 48, a3);
        upd(jb + 64, a4);
        upd(jb + 80, a5);
        upd(jb + 96, a6);
        upd(jb + 112, a7);
      }
      for (; jb < NP; jb += 16) {
        __m512 a0 = _mm512_setzero_ps();
        for (int s = 0; s < ns; s++) a0 = _mm512_add_ps(a0, _mm512_load_ps(W + (size_t)spk[s] * NP + jb));
        upd(jb, a0);
      }
      if (stdp == 0) {
        if (LEARN)
          for (int s = 0; s < ns; s++) {  // pre-spike depression for posts with a trace
            float* w = W + (size_t)spk[s] * NP;
            for (int j : spiked) {
              float d = e.etap * e.tabpost[t - lastpost[j]];
              if (soft) d *= w[j];
              float q = w[j] - d;
              w[j] = q < 0 ? 0 : q;
            }
          }
        if (LEARN) c.stdp += ns * (double)spiked.size();
      }
      if (enc != 3)
        for (int s = 0; s < ns; s++) lastpre[spk[s]] = t;
      if (any) {
        int bj = -1;
        float bm = -1;
        for (int j = 0; j < N; j++) {
          float m = v[j] - e.vth - th[j];
          if (m >= 0 && ru[j] <= t + 0) {
            if (m > bm) {
              bm = m;
              bj = j;
            }
          }
        }
        if (bj >= 0) {
          if (thall) {
            for (int j = 0; j < N; j++)
              if (v[j] >= e.vth + th[j]) {
                if (LEARN) th[j] += e.thp;
                v[j] = e.vreset;
                ru[j] = t + 1 + e.ref;
              }
          } else {
            if (LEARN) th[bj] += e.thp;
          }
          __m512 ih = _mm512_set1_ps(e.inh), vm = _mm512_set1_ps(vminv);
          for (int j = 0; j < NP; j += 16)
            _mm512_store_ps(v + j, _mm512_max_ps(vm, _mm512_sub_ps(_mm512_load_ps(v + j), ih)));
          v[bj] = e.vreset;
          ru[bj] = t + 1 + e.ref;
          if (!cnt[bj]) {
            spiked.push_back(bj);
          }
          cnt[bj]++;
          lastpost[bj] = t;
          nout++;
          if (LEARN && (skipk <= 0 || cnt[bj] <= skipk)) {
            float* w = W + bj;
            if (stdp == 0) {
              for (int k = 0; k < na; k++) {
                int i = idx[k];
                if (lastpre[i] < 0) continue;
                float x = enc == 3 ? xin[k] / (e.rate * 1e-3f) : e.tabpre[t - lastpre[i]];
                float& q = w[(size_t)i * NP];
                float d = e.eta * x;
                if (soft) d *= wmax - q;
                q += d;
                if (q > wmax) q = wmax;
              }
              c.stdp += na;
            } else {
              for (int i = 0; i < 784; i++) {
                float x = 0;
                if (lastpre[i] >= 0) x = enc == 3 ? xin[lastpre[i]] / (e.rate * 1e-3f) : e.tabpre[t - lastpre[i]];
                float& q = w[(size_t)i * NP];
                float d = e.eta * (x - xtar);
                if (soft) d *= d > 0 ? wmax - q : q;
                q += d;
                if (q > wmax) q = wmax;
                if (q < 0) q = 0;
              }
              c.stdp += 784;
            }
          }
          if (!LEARN && prop && eemin > 0) {
            const float* pp = prop + bj * 10;
            float a = -1, b2 = -1;
            for (int q = 0; q < 10; q++) {
              cls[q] += pp[q];
              if (cls[q] > a) {
                b2 = a;
                a = cls[q];
              } else if (cls[q] > b2)
                b2 = cls[q];
            }
            if (nout >= eemin && a - b2 >= eemarg) {
              tdone = t + 1;
              break;
            }
          }
          if (LEARN && tre > 0 && nout >= tre) {
            tdone = t + 1;
            break;
          }
        }
      }
    }
    if (LEARN) {
      for (int j : spiked) {
        normcol(j);
      }
      c.norm += 784.0 * spiked.size();
      for (int j = 0; j < N; j++) th[j] *= e.thdec;
    }
    besti = 0;
    if (!nout) {
      float bm = -1e30;
      for (int j = 0; j < N; j++) {
        float m = v[j] - th[j];
        if (m > bm) {
          bm = m;
          besti = j;
        }
      }
      c.silent++;
    }
    c.insp += insp;
    c.fsop += insp * N;
    c.nupd += (double)tdone * N;
    c.steps += tdone;
    c.outsp += nout;
    c.rng += (enc < 2 ? (double)tdone * na : 0);
    c.n++;
    c.t += now() - t0;
    return nout;
  }
};
static string pr(const Cost& c) {
  char b[400];
  double n = max(1.0, c.n);
  snprintf(b, 400, "us=%.1f steps=%.1f insp=%.0f fsop=%.0f nupd=%.0f stdp=%.0f norm=%.0f outsp=%.2f silent=%.2f%%",
           c.t / n * 1e6, c.steps / n, c.insp / n, c.fsop / n, c.nupd / n, c.stdp / n, c.norm / n, c.outsp / n,
           100 * c.silent / n);
  return b;
}
// R: N x 10 response matrix
struct Lab {
  int N;
  vector<float> R;
  vector<float> nc;
  vector<int> asg;
  vector<float> prop, lp;
  vector<int> na;
  void init(int n) {
    N = n;
    R.assign(n * 10, 0);
    nc.assign(10, 0);
  }
  void add(const Net& n, int y) {
    nc[y]++;
    for (int j : n.spiked) R[j * 10 + y] += n.cnt[j];
    if (n.spiked.empty()) R[n.besti * 10 + y] += 0.3f;
  }
  void fin() {
    asg.assign(N, -1);
    prop.assign(N * 10, 0);
    na.assign(10, 0);
    lp.assign(N * 10, 0);
    vector<double> tc(10, 0);
    for (int j = 0; j < N; j++)
      for (int c = 0; c < 10; c++) tc[c] += R[j * 10 + c];
    for (int j = 0; j < N; j++) {
      double s = 0;
      int b = -1;
      double bv = 0;
      for (int c = 0; c < 10; c++) {
        double q = nc[c] > 0 ? R[j * 10 + c] / nc[c] : 0;
        s += q;
        if (q > bv) {
          bv = q;
          b = c;
        }
      }
      asg[j] = b;
      if (b >= 0) na[b]++;
      for (int c = 0; c < 10; c++) {
        prop[j * 10 + c] = s > 0 ? R[j * 10 + c] / max(1.f, nc[c]) / s : 0;
        lp[j * 10 + c] = log((R[j * 10 + c] + 0.1) / (tc[c] + 0.1 * N));
      }
    }
  }
  void pred(const Net& n, int out[3]) {
    float a[10] = {0}, p[10] = {0}, b[10] = {0};
    if (n.spiked.empty()) {
      int j = n.besti;
      for (int c = 0; c < 10; c++) {
        a[c] = asg[j] == c;
        p[c] = prop[j * 10 + c];
        b[c] = lp[j * 10 + c];
      }
    }
    for (int j : n.spiked) {
      float k = n.cnt[j];
      if (asg[j] >= 0) a[asg[j]] += k / na[asg[j]];
      for (int c = 0; c < 10; c++) {
        p[c] += k * prop[j * 10 + c];
        b[c] += k * lp[j * 10 + c];
      }
    }
    out[0] = max_element(a, a + 10) - a;
    out[1] = max_element(p, p + 10) - p;
    out[2] = max_element(b, b + 10) - b;
  }
};
static DS tr, te;
static Net net;
static void evalT(int T, int nlab, int ntest, const char* tag, Lab* fixed = nullptr, double eemarg = 0, int eemin = 0) {
  Eff e = eff(T);
  Lab l;
  Cost cl, ct;
  net.prop = nullptr;
  net.eemin = 0;
  if (fixed)
    l = *fixed;
  else {
    l.init(net.N);
    for (int k = 0; k < nlab; k++) {
      net.run<false>(&tr.x[(size_t)k * 784], e, cl);
      l.add(net, tr.y[k]);
    }
    l.fin();
    if (A.count("keep")) {
    }
  }
  int ok[3] = {0};
  if (eemin > 0) {
    net.prop = l.prop.data();
    net.eemin = eemin;
    net.eemarg = eemarg;
  }
  for (int k = 0; k < ntest; k++) {
    net.run<false>(&te.x[(size_t)k * 784], e, ct);
    int o[3];
    l.pred(net, o);
    for (int q = 0; q < 3; q++) ok[q] += o[q] == te.y[k];
  }
  net.prop = nullptr;
  net.eemin = 0;
  printf("EVAL %s T=%d acc_all=%.2f acc_prop=%.2f acc_bayes=%.2f | %s\n", tag, T, 100.0 * ok[0] / ntest,
         100.0 * ok[1] / ntest, 100.0 * ok[2] / ntest, pr(ct).c_str());
  fflush(stdout);
}
int main(int c, char** v) {
  for (int i = 1; i < c; i++) {
    char* q = strchr(v[i], '=');
    if (!q) {
      printf("bad arg %s\n", v[i]);
      return 1;
    }
    A[string(v[i], q - v[i])] = q + 1;
  }
  string ds = S("ds", "mnist");
  string b = S("dir", ".") + "/";
  tr = loadds(b + "train-images-idx3-ubyte", b + "train-labels-idx1-ubyte");
  te = loadds(b + "t10k-images-idx3-ubyte", b + "t10k-labels-idx1-ubyte");
  int seed = G("seed", 1);
  net.init(seed);
  net.tre = G("tre", 0);
  net.skipk = G("skipk", 0);
  Xo ox{(uint64_t)seed * 31337 + 5};
  T0 = G("T0", 350);
  // shuffle training order once per seed (and again per epoch)
  vector<int> ord(tr.n);
  for (int i = 0; i < tr.n; i++) ord[i] = i;
  auto shuf = [&] {
    for (int i = tr.n - 1; i > 0; i--) swap(ord[i], ord[ox.next() % (i + 1)]);
  };
  {  // permute dataset itself once so label subset = first nlab of the permuted set (all training data)
    shuf();
    DS t2 = tr;
    for (int i = 0; i < tr.n; i++) {
      memcpy(&t2.x[(size_t)i * 784], &tr.x[(size_t)ord[i] * 784], 784);
      t2.y[i] = tr.y[ord[i]];
    }
    tr = t2;
    for (int i = 0; i < tr.n; i++) ord[i] = i;
  }
  int ntr = G("ntrain", 60000);
  vector<int> ck = L("ckpt", "10000,20000,60000"), et = L("evalT", "0");
  int nlab = G("nlab", 10000), nte = G("ntest", 10000);
  // schedule sched=n0:T0,n1:T1  via two lists
  vector<int> sn = L("sn", "0"), sT = L("sT", "0");
  int Tdef = G("T", 350);
  if (sT[0] == 0) {
    sT[0] = Tdef;
  }
  bool preq = G("preq", 0) > 0;
  double lf = G("lf", 1);
  Lab pl;
  pl.init(net.N);
  pl.fin();
  double pdec = G("pdec", 0.9995);
  int pw_ok[3] = {0}, pw_n = 0;
  int pqwin = G("pqwin", 2000);
  Cost cp;
  double totok = 0, totn = 0;
  Cost ct;
  size_t si = 0;
  Eff e = eff(sT[0]);
  printf("RUN");
  for (auto& k : A) printf(" %s=%s", k.first.c_str(), k.second.c_str());
  printf("\n EFF dec=%.5f gain=%.4f rate=%.1f ref=%d tpre=%.2f\n", e.dec, e.gain, e.rate, e.ref, e.tpre);
  fflush(stdout);
  for (int k = 0; k < ntr; k++) {
    while (si + 1 < sn.size() && k >= sn[si + 1]) {
      si++;
      e = eff(sT[si]);
      printf("SWITCH at %d to T=%d gain=%.3f rate=%.1f\n", k, sT[si], e.gain, e.rate);
    }
    if (k && k % tr.n == 0) shuf();
    int id = ord[k % tr.n];
    net.run<true>(&tr.x[(size_t)id * 784], e, ct);
    if (preq) {
      if (k % ((int)G("relab", 200)) == 0) pl.fin();
      int o[3];
      pl.pred(net, o);
      pw_n++;
      for (int q = 0; q < 3; q++) pw_ok[q] += o[q] == tr.y[id];
      totok += o[1] == tr.y[id];
      totn++;
      if (net.xr.u() < lf) {
        int y = tr.y[id];
        for (int j : net.spiked)
          for (int q = 0; q < 10; q++) pl.R[j * 10 + q] *= pow(pdec, net.cnt[j]);
        pl.add(net, y);
        int K = G("softk", 0);
        if (K > 0) {
          vector<float> u(net.NP, 0);
          for (int i = 0; i < 784; i++) {
            float xx = tr.x[(size_t)id * 784 + i] / 255.f;
            if (xx > 0)
              for (int j = 0; j < net.NP; j++) u[j] += xx * net.W[(size_t)i * net.NP + j];
          }
          vector<pair<float, int>> o2;
          for (int j = 0; j < net.N; j++) o2.push_back({u[j], j});
          partial_sort(o2.begin(), o2.begin() + K, o2.end(), greater<pair<float, int>>());
          for (int q = 0; q < K; q++) pl.R[o2[q].second * 10 + y] += G("softw", 0.3) / (q + 1);
        }
      }
      if (pw_n == pqwin) {
        printf("PREQ upto=%d T=%d all=%.2f prop=%.2f bayes=%.2f cum_prop=%.2f\n", k + 1, e.T, 100.0 * pw_ok[0] / pw_n,
               100.0 * pw_ok[1] / pw_n, 100.0 * pw_ok[2] / pw_n, 100 * totok / totn);
        pw_n = 0;
        memset(pw_ok, 0, sizeof pw_ok);
      }
    }
    if (find(ck.begin(), ck.end(), k + 1) != ck.end()) {
      printf("CKPT n=%d TRAINCOST %s\n", k + 1, pr(ct).c_str());
      ct = Cost();
      double mth = 0, mx = 0;
      for (int j = 0; j < net.N; j++) {
        mth += net.th[j];
        mx = max<double>(mx, net.th[j]);
      }
      printf(" theta mean=%.2f max=%.2f\n", mth / net.N, mx);
      for (int T : et) {
        char tg[64];
        snprintf(tg, 64, "n=%d", k + 1);
        evalT(T ? T : e.T, nlab, nte, tg);
      }
      if (k + 1 == ck.back()) {
        if (A.count("post")) {
          size_t nw = (size_t)784 * net.NP;
          vector<float> W0(net.W, net.W + nw);
          auto rest = [&] { memcpy(net.W, W0.data(), nw * 4); };
          for (int b : L("qb", "8,4,3,2")) {
            float mx = 0;
            for (float w : W0) mx = max(mx, w);
            int lv = (1 << b) - 1;
            for (size_t i = 0; i < nw; i++) net.W[i] = roundf(W0[i] / mx * lv) * mx / lv;
            char tg[64];
            snprintf(tg, 64, "QUANT %d bit", b);
            evalT(e.T, nlab, nte, tg);
            rest();
          }
          for (int pr : L("prune", "1,2,5,10,20")) {
            double th = pr * 0.01;
            size_t nz = 0, tot = 0;
            double aw = 0, at = 0;
            for (size_t i = 0; i < nw; i++) {
              if ((int)(i % net.NP) < net.N) {
                tot++;
                if (W0[i] < th)
                  net.W[i] = 0;
                else
                  nz++;
              }
            }
            for (int j = 0; j < net.N; j++) net.normcol(j);
            // nnz fraction weighted by input activity (mean intensity per pixel)
            vector<double> act(784, 0);
            for (int q = 0; q < 2000; q++)
              for (int i = 0; i < 784; i++) act[i] += tr.x[(size_t)q * 784 + i];
            for (int i = 0; i < 784; i++) {
              int c2 = 0;
              for (int j = 0; j < net.N; j++) c2 += net.W[(size_t)i * net.NP + j] > 0;
              aw += act[i] * c2;
              at += act[i] * net.N;
            }
            char tg[96];
            snprintf(tg, 96, "PRUNE w<%.2f nnz=%.1f%% activity-weighted=%.1f%%", th, 100.0 * nz / tot, 100 * aw / at);
            evalT(e.T, nlab, nte, tg);
            rest();
          }
        }
        if (A.count("fixedlabT")) {
          int T = G("fixedlabT", 350);
          Eff e2 = eff(T);
          Cost cc;
          Lab l;
          l.init(net.N);
          for (int q = 0; q < nlab; q++) {
            net.run<false>(&tr.x[(size_t)q * 784], e2, cc);
            l.add(net, tr.y[q]);
          }
          l.fin();
          for (int T2 : et) {
            char tg[64];
            snprintf(tg, 64, "n=%d labelsfromT=%d", k + 1, T);
            evalT(T2 ? T2 : e.T, nlab, nte, tg, &l);
          }
        }
        if (A.count("ee")) {
          vector<int> eT = L("eeT", "350");
          for (int T : eT) {
            Eff e2 = eff(T);
            Cost cc;
            Lab l;
            l.init(net.N);
            for (int q = 0; q < nlab; q++) {
              net.run<false>(&tr.x[(size_t)q * 784], e2, cc);
              l.add(net, tr.y[q]);
            }
            l.fin();
            vector<int> ms = L("eem", "25,50,75,100,150,200,300,400");
            for (int m : ms) {
              double mg = m * 0.01;
              char tg[64];
              snprintf(tg, 64, "EE margin=%.1f", mg);
              evalT(T, nlab, nte, tg, &l, mg, 1);
            }
          }
        }
      }
    }
  }
}
