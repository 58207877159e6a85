// The operations of a network on float32 in WebAssembly's memory, four numbers at a time.
//
// Pictures lie as (height, width, channels). Python has laid out the memory and settled every size (program.py), so that
// nothing here asks or allocates. Each function has its double in NumPy (emulator.py), by which an export is proved.
// python -m docs.kernels compiles this file.

#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name))) void name
#define ROWS 6
#define PANEL 8
#define BLOCK 48

typedef float f32;
typedef int i32;

static inline v128_t fma4(v128_t a, v128_t b, v128_t c) { return wasm_f32x4_add(wasm_f32x4_mul(a, b), c); }

static inline v128_t clamp4(v128_t x, v128_t low, v128_t high) { return wasm_f32x4_pmin(high, wasm_f32x4_pmax(low, x)); }

// exp, 2 ulp: 2^n times a polynomial on -ln2/2..ln2/2 (Cephes's coefficients).
static inline v128_t exp4(v128_t x) {
  x = clamp4(x, wasm_f32x4_splat(-87.3f), wasm_f32x4_splat(88.3f));
  v128_t n = wasm_f32x4_nearest(wasm_f32x4_mul(x, wasm_f32x4_splat(1.44269504f)));
  v128_t r = wasm_f32x4_sub(x, wasm_f32x4_mul(n, wasm_f32x4_splat(0.693359375f)));
  r = wasm_f32x4_sub(r, wasm_f32x4_mul(n, wasm_f32x4_splat(-2.12194440e-4f)));
  static const f32 c[6] = {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 0.5f};
  v128_t p = wasm_f32x4_splat(c[0]);
  for (i32 i = 1; i < 6; i++) p = wasm_f32x4_add(wasm_f32x4_mul(p, r), wasm_f32x4_splat(c[i]));
  p = wasm_f32x4_add(wasm_f32x4_add(wasm_f32x4_mul(p, wasm_f32x4_mul(r, r)), r), wasm_f32x4_splat(1.0f));
  v128_t power = wasm_i32x4_shl(wasm_i32x4_add(wasm_i32x4_trunc_sat_f32x4(n), wasm_i32x4_splat(127)), 23);
  return wasm_f32x4_mul(p, power);
}

static f32 exp1(f32 x) { return wasm_f32x4_extract_lane(exp4(wasm_f32x4_splat(x)), 0); }

// ln, 2 ulp, of numbers above 0 (Cephes's coefficients).
static f32 log1(f32 x) {
  union { f32 f; i32 i; } u = {x};
  i32 e = (u.i >> 23) - 126;
  u.i = (u.i & 0x007fffff) | 0x3f000000;
  f32 m = u.f;
  if (m < 0.70710678f) { e--; m += m; }
  m -= 1.0f;
  static const f32 c[9] = {7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                           -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f};
  f32 p = c[0], z = m * m;
  for (i32 i = 1; i < 9; i++) p = p * m + c[i];
  return m + (m * z * p + e * -2.12194440e-4f - 0.5f * z) + e * 0.693359375f;
}

// ---- products of matrices: a (m, k) by b, packed in panels of eight columns (n / 8, k, 8)

#define TILE(R)                                                                                                    \
  static void tile##R(const f32 *a, i32 lda, const f32 *b, i32 k, const f32 *bias, f32 *out, i32 ldo, i32 n, v128_t low, \
                      v128_t high) {                                                                               \
    v128_t sum[R][2];                                                                                              \
    for (i32 r = 0; r < R; r++) { sum[r][0] = wasm_v128_load(bias); sum[r][1] = wasm_v128_load(bias + 4); }        \
    for (i32 i = 0; i < k; i++, b += PANEL) {                                                                      \
      v128_t b0 = wasm_v128_load(b), b1 = wasm_v128_load(b + 4);                                                   \
      for (i32 r = 0; r < R; r++) {                                                                                \
        v128_t x = wasm_v128_load32_splat(a + r * lda + i);                                                        \
        sum[r][0] = fma4(x, b0, sum[r][0]);                                                                        \
        sum[r][1] = fma4(x, b1, sum[r][1]);                                                                        \
      }                                                                                                            \
    }                                                                                                              \
    for (i32 r = 0; r < R; r++, out += ldo) {                                                                      \
      v128_t x = clamp4(sum[r][0], low, high), y = clamp4(sum[r][1], low, high);                                   \
      if (n >= PANEL) { wasm_v128_store(out, x); wasm_v128_store(out + 4, y); continue; }                          \
      f32 row[PANEL];                                                                                              \
      wasm_v128_store(row, x); wasm_v128_store(row + 4, y);                                                        \
      for (i32 i = 0; i < n; i++) out[i] = row[i];                                                                 \
    }                                                                                                              \
  }
TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6)

static void product(const f32 *a, i32 lda, const f32 *b, const f32 *bias, f32 *out, i32 ldo, i32 m, i32 k, i32 n, f32 low, f32 high) {
  v128_t l = wasm_f32x4_splat(low), h = wasm_f32x4_splat(high);
  for (i32 j = 0; j < n; j += PANEL, b += k * PANEL)
    for (i32 i = 0; i < m; i += ROWS) {
      const f32 *rows = a + i * lda;
      f32 *to = out + i * ldo + j;
      switch (m - i) {
        case 1: tile1(rows, lda, b, k, bias + j, to, ldo, n - j, l, h); break;
        case 2: tile2(rows, lda, b, k, bias + j, to, ldo, n - j, l, h); break;
        case 3: tile3(rows, lda, b, k, bias + j, to, ldo, n - j, l, h); break;
        case 4: tile4(rows, lda, b, k, bias + j, to, ldo, n - j, l, h); break;
        case 5: tile5(rows, lda, b, k, bias + j, to, ldo, n - j, l, h); break;
        default: tile6(rows, lda, b, k, bias + j, to, ldo, n - j, l, h);
      }
    }
}

EXPORT(gemm)(const f32 *a, const f32 *b, const f32 *bias, f32 *out, i32 m, i32 k, i32 n, i32 lda, i32 ldo, f32 low, f32 high) {
  for (i32 i = 0; i < m; i += BLOCK)
    product(a + i * lda, lda, b, bias, out + i * ldo, ldo, m - i < BLOCK ? m - i : BLOCK, k, n, low, high);
}

// Correlation: the windows of forty-eight places are set beside each other in `room`, and multiplied.
EXPORT(conv)(const f32 *in, const f32 *b, const f32 *bias, f32 *out, f32 *room, i32 h, i32 w, i32 c, i32 ldi, i32 oh, i32 ow, i32 n,
             i32 ldo, i32 kh, i32 kw, i32 sy, i32 sx, i32 dy, i32 dx, i32 top, i32 left, f32 low, f32 high) {
  i32 k = kh * kw * c, places = oh * ow;
  for (i32 first = 0; first < places; first += BLOCK) {
    i32 many = places - first < BLOCK ? places - first : BLOCK;
    f32 *to = room;
    for (i32 p = first; p < first + many; p++) {
      i32 y0 = p / ow * sy - top, x0 = p % ow * sx - left;
      for (i32 i = 0; i < kh; i++)
        for (i32 j = 0; j < kw; j++, to += c) {
          i32 y = y0 + i * dy, x = x0 + j * dx;
          if (y < 0 || y >= h || x < 0 || x >= w) __builtin_memset(to, 0, c * 4);
          else __builtin_memcpy(to, in + (y * w + x) * ldi, c * 4);
        }
    }
    product(room, k, b, bias, out + first * ldo, ldo, many, k, n, low, high);
  }
}

// Correlation of each channel by itself; weights (kh, kw, c).
EXPORT(depthwise)(const f32 *in, const f32 *weights, const f32 *bias, f32 *out, i32 h, i32 w, i32 c, i32 oh, i32 ow, i32 kh, i32 kw,
                  i32 sy, i32 sx, i32 dy, i32 dx, i32 top, i32 left, f32 low, f32 high) {
  v128_t l = wasm_f32x4_splat(low), u = wasm_f32x4_splat(high);
  for (i32 oy = 0; oy < oh; oy++) {
    i32 y0 = oy * sy - top, i0 = y0 < 0 ? (dy - 1 - y0) / dy : 0, i1 = h > y0 ? (h - y0 + dy - 1) / dy : 0;
    i1 = i1 > kh ? kh : i1;
    for (i32 ox = 0; ox < ow; ox++, out += c) {
      i32 x0 = ox * sx - left, j0 = x0 < 0 ? (dx - 1 - x0) / dx : 0, j1 = w > x0 ? (w - x0 + dx - 1) / dx : 0, k = 0;
      j1 = j1 > kw ? kw : j1;
      const f32 *from = in + (y0 * w + x0) * c;
#define CHANNELS(N)                                                                  \
  for (; k + 4 * N <= c; k += 4 * N) {                                               \
    v128_t sum[N];                                                                   \
    for (i32 n = 0; n < N; n++) sum[n] = wasm_v128_load(bias + k + 4 * n);           \
    for (i32 i = i0; i < i1; i++)                                                    \
      for (i32 j = j0; j < j1; j++) {                                                \
        const f32 *x = from + (i * dy * w + j * dx) * c + k, *y = weights + (i * kw + j) * c + k; \
        for (i32 n = 0; n < N; n++)                                                  \
          sum[n] = fma4(wasm_v128_load(x + 4 * n), wasm_v128_load(y + 4 * n), sum[n]); \
      }                                                                              \
    for (i32 n = 0; n < N; n++) wasm_v128_store(out + k + 4 * n, clamp4(sum[n], l, u)); \
  }
      CHANNELS(4)
      CHANNELS(2)
      CHANNELS(1)
      for (; k < c; k++) {
        f32 sum = bias[k];
        for (i32 i = i0; i < i1; i++)
          for (i32 j = j0; j < j1; j++) sum += from[(i * dy * w + j * dx) * c + k] * weights[(i * kw + j) * c + k];
        out[k] = sum < low ? low : sum > high ? high : sum;
      }
    }
  }
}

// Maximum (kind 0), mean of what lies inside (1) or of the whole window (2).
EXPORT(pool)(const f32 *in, f32 *out, i32 kind, i32 h, i32 w, i32 c, i32 oh, i32 ow, i32 kh, i32 kw, i32 sy, i32 sx, i32 top, i32 left) {
  for (i32 oy = 0; oy < oh; oy++)
    for (i32 ox = 0; ox < ow; ox++, out += c) {
      i32 y0 = oy * sy - top, x0 = ox * sx - left;
      i32 y1 = y0 + kh > h ? h : y0 + kh, x1 = x0 + kw > w ? w : x0 + kw;
      y0 = y0 < 0 ? 0 : y0;
      x0 = x0 < 0 ? 0 : x0;
      f32 share = 1.0f / (kind == 2 ? kh * kw : (y1 - y0) * (x1 - x0));
      for (i32 k = 0; k < c; k++) out[k] = kind ? 0.0f : -__builtin_inff();
      for (i32 y = y0; y < y1; y++)
        for (i32 x = x0; x < x1; x++) {
          const f32 *from = in + (y * w + x) * c;
          if (kind) for (i32 k = 0; k < c; k++) out[k] += from[k];
          else for (i32 k = 0; k < c; k++) out[k] = from[k] > out[k] ? from[k] : out[k];
        }
      if (kind) for (i32 k = 0; k < c; k++) out[k] *= share;
    }
}

// ---- number by number

EXPORT(bytes)(const unsigned char *in, f32 *out, i32 n) { for (i32 i = 0; i < n; i++) out[i] = in[i]; }

EXPORT(halves)(const unsigned short *in, f32 *out, i32 n) {
  for (i32 i = 0; i < n; i++) {
    union { i32 i; f32 f; } u = {(in[i] & 0x7fff) << 13};
    u.f *= 5.192296858534828e33f;
    u.i |= (in[i] & 0x8000) << 16;
    out[i] = u.f;
  }
}

// a op b, where b's `period` numbers stand again and again beside a's. The kinds: + - * / max min, and - and / the other way.
EXPORT(pair)(const f32 *a, const f32 *b, f32 *out, i32 kind, i32 n, i32 period) {
#define EACH(quick, plain)                                                                                                  \
  for (i32 i = 0; i < n; i += period) {                                                                                     \
    i32 j = 0;                                                                                                              \
    for (; j + 4 <= period; j += 4) {                                                                                       \
      v128_t x = wasm_v128_load(a + i + j), y = wasm_v128_load(b + j);                                                      \
      wasm_v128_store(out + i + j, quick);                                                                                  \
    }                                                                                                                       \
    for (; j < period; j++) { f32 x = a[i + j], y = b[j]; out[i + j] = plain; }                                             \
  }                                                                                                                         \
  break;
  switch (kind) {
    case 0: EACH(wasm_f32x4_add(x, y), x + y)
    case 1: EACH(wasm_f32x4_sub(x, y), x - y)
    case 2: EACH(wasm_f32x4_mul(x, y), x * y)
    case 3: EACH(wasm_f32x4_div(x, y), x / y)
    case 4: EACH(wasm_f32x4_pmax(y, x), x > y ? x : y)
    case 5: EACH(wasm_f32x4_pmin(y, x), x < y ? x : y)
    case 6: EACH(wasm_f32x4_sub(y, x), y - x)
    case 7: EACH(wasm_f32x4_div(y, x), y / x)
  }
}

static f32 one(f32 x, i32 kind, f32 a, f32 b) {
  switch (kind) {
    case 0: return x < a ? a : x > b ? b : x;
    case 1: return 1.0f / (1.0f + exp1(-x));
    case 2: return 1.0f - 2.0f / (1.0f + exp1(2.0f * x));
    case 3: return x >= 0 ? x : a * x;
    case 4: return x >= 0 ? b * x : b * a * (exp1(x) - 1.0f);
    case 5: { f32 y = a * x + b; return y < 0 ? 0 : y > 1 ? 1 : y; }
    case 6: { f32 y = x / 6 + 0.5f; return x * (y < 0 ? 0 : y > 1 ? 1 : y); }
    case 7: return x / (1.0f + (x < 0 ? -x : x));
    case 8: return (x > 0 ? x : 0) + log1(1.0f + exp1(x < 0 ? x : -x));
    case 9: return exp1(x);
    case 10: return log1(x);
    case 11: return __builtin_sqrtf(x);
    case 12: { f32 s = (x > 0 ? x : 0) + log1(1.0f + exp1(x < 0 ? x : -x)); return x * (1.0f - 2.0f / (1.0f + exp1(2.0f * s))); }
    case 13: return -x;
    case 14: return x < 0 ? -x : x;
    case 15: return 1.0f / x;
    default: {  // erf, 1.5e-7 (Abramowitz and Stegun 7.1.26)
      f32 z = x < 0 ? -x : x, t = 1.0f / (1.0f + 0.3275911f * z);
      f32 y = 1.0f - ((((1.061405429f * t - 1.453152027f) * t + 1.421413741f) * t - 0.284496736f) * t + 0.254829592f) * t * exp1(-z * z);
      return x < 0 ? -y : y;
    }
  }
}

// clip, sigmoid, tanh, leaky ReLU, ELU and SELU, hard sigmoid, hard swish, softsign, softplus, exp, log, sqrt, mish, -x, |x|, 1/x, erf.
EXPORT(each)(const f32 *in, f32 *out, i32 kind, i32 n, f32 a, f32 b) {
  i32 i = 0;
  v128_t ones = wasm_f32x4_splat(1.0f), low = wasm_f32x4_splat(a), high = wasm_f32x4_splat(b);
  if (kind == 0) for (; i + 4 <= n; i += 4) wasm_v128_store(out + i, clamp4(wasm_v128_load(in + i), low, high));
  if (kind == 1)
    for (; i + 4 <= n; i += 4)
      wasm_v128_store(out + i, wasm_f32x4_div(ones, wasm_f32x4_add(ones, exp4(wasm_f32x4_neg(wasm_v128_load(in + i))))));
  for (; i < n; i++) out[i] = one(in[i], kind, a, b);
}

// ---- over an axis: in is (outer, n, inner)

// mean, sum, max, min, and the root is left to `each`.
EXPORT(reduce)(const f32 *in, f32 *out, i32 kind, i32 outer, i32 n, i32 inner) {
  for (i32 o = 0; o < outer; o++, in += n * inner, out += inner) {
    __builtin_memcpy(out, in, inner * 4);
    for (i32 i = 1; i < n; i++) {
      const f32 *from = in + i * inner;
      if (kind < 2) for (i32 k = 0; k < inner; k++) out[k] += from[k];
      else if (kind == 2) for (i32 k = 0; k < inner; k++) out[k] = from[k] > out[k] ? from[k] : out[k];
      else for (i32 k = 0; k < inner; k++) out[k] = from[k] < out[k] ? from[k] : out[k];
    }
    if (kind == 0) for (i32 k = 0; k < inner; k++) out[k] /= n;
  }
}

EXPORT(softmax)(const f32 *in, f32 *out, i32 outer, i32 n, i32 inner, i32 log) {
  for (i32 o = 0; o < outer; o++)
    for (i32 k = 0; k < inner; k++) {
      const f32 *from = in + o * n * inner + k;
      f32 *to = out + o * n * inner + k, most = from[0], sum = 0;
      for (i32 i = 1; i < n; i++) most = from[i * inner] > most ? from[i * inner] : most;
      for (i32 i = 0; i < n; i++) sum += to[i * inner] = exp1(from[i * inner] - most);
      for (i32 i = 0; i < n; i++) to[i * inner] = log ? from[i * inner] - most - log1(sum) : to[i * inner] / sum;
    }
}

// A part of up to five axes to its place in another array: strides in numbers.
EXPORT(copy)(const f32 *in, f32 *out, i32 a, i32 b, i32 c, i32 d, i32 e, i32 ia, i32 ib, i32 ic, i32 id, i32 ie, i32 oa, i32 ob, i32 oc,
             i32 od, i32 oe) {
  for (i32 i = 0; i < a; i++)
    for (i32 j = 0; j < b; j++)
      for (i32 k = 0; k < c; k++)
        for (i32 l = 0; l < d; l++) {
          const f32 *from = in + i * ia + j * ib + k * ic + l * id;
          f32 *to = out + i * oa + j * ob + k * oc + l * od;
          if (ie == 1 && oe == 1) __builtin_memcpy(to, from, e * 4);
          else for (i32 m = 0; m < e; m++) to[m * oe] = from[m * ie];
        }
}

EXPORT(fill)(f32 *out, i32 n, f32 value) { for (i32 i = 0; i < n; i++) out[i] = value; }
