// A picture's rows on their way to the network's size: whole numbers, the same as Pillow's (resizing.js says which).
//
// A pixel is four bytes, a weight has 22 bits behind its point. Pixels are taken in fours: up to three behind the last are read
// too, where the weight is 0 or the place is written over, so that the memory goes on a little behind every array.
// python -m docs.kernels compiles this file.

#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name))) void name
#define BITS 22

typedef unsigned char u8;
typedef int i32;

// Four colours of a pixel, 16 bits each, times a weight.
static inline v128_t low(v128_t two, v128_t weight) { return wasm_i32x4_mul(wasm_u32x4_extend_low_u16x8(two), weight); }
static inline v128_t high(v128_t two, v128_t weight) { return wasm_i32x4_mul(wasm_u32x4_extend_high_u16x8(two), weight); }

// Rounded to 8 bits.
static inline v128_t pixels(v128_t a, v128_t b, v128_t c, v128_t d) {
  v128_t ab = wasm_i16x8_narrow_i32x4(wasm_i32x4_shr(a, BITS), wasm_i32x4_shr(b, BITS));
  v128_t cd = wasm_i16x8_narrow_i32x4(wasm_i32x4_shr(c, BITS), wasm_i32x4_shr(d, BITS));
  return wasm_u8x16_narrow_i16x8(ab, cd);
}

// Along the rows of `width` pixels: `size` pixels a row, each from `length` pixels, a multiple of four, from its start on.
EXPORT(across)(const u8 *in, u8 *out, const i32 *starts, const i32 *weights, i32 length, i32 rows, i32 width, i32 size) {
  for (i32 y = 0; y < rows; y++, in += 4 * width)
    for (i32 x = 0; x < size; x++, out += 4) {
      const u8 *from = in + 4 * starts[x];
      const i32 *weight = weights + x * length;
      v128_t even = wasm_i32x4_splat(1 << (BITS - 1)), odd = wasm_i32x4_splat(0);
      for (i32 i = 0; i < length; i += 4) {
        v128_t four = wasm_v128_load(from + 4 * i), two = wasm_u16x8_extend_low_u8x16(four);
        even = wasm_i32x4_add(even, low(two, wasm_v128_load32_splat(weight + i)));
        odd = wasm_i32x4_add(odd, high(two, wasm_v128_load32_splat(weight + i + 1)));
        two = wasm_u16x8_extend_high_u8x16(four);
        even = wasm_i32x4_add(even, low(two, wasm_v128_load32_splat(weight + i + 2)));
        odd = wasm_i32x4_add(odd, high(two, wasm_v128_load32_splat(weight + i + 3)));
      }
      v128_t sum = wasm_i32x4_add(even, odd);
      wasm_v128_store32_lane(out, pixels(sum, sum, sum, sum), 0);
    }
}

// Along the columns: one row of `width` pixels from `count` rows.
EXPORT(down)(const u8 *in, u8 *out, const i32 *weights, i32 count, i32 width) {
  for (i32 x = 0; x < 4 * width; x += 16) {
    v128_t a = wasm_i32x4_splat(1 << (BITS - 1)), b = a, c = a, d = a;
    for (i32 i = 0; i < count; i++) {
      v128_t four = wasm_v128_load(in + 4 * i * width + x), weight = wasm_v128_load32_splat(weights + i);
      v128_t two = wasm_u16x8_extend_low_u8x16(four), more = wasm_u16x8_extend_high_u8x16(four);
      a = wasm_i32x4_add(a, low(two, weight));
      b = wasm_i32x4_add(b, high(two, weight));
      c = wasm_i32x4_add(c, low(more, weight));
      d = wasm_i32x4_add(d, high(more, weight));
    }
    wasm_v128_store(out + x, pixels(a, b, c, d));
  }
}

// RGBA over white, as Pillow's alpha_composite rounds.
EXPORT(white)(u8 *pixel, i32 many) {
  for (; many; many--, pixel += 4)
    for (i32 k = 0; k < 3; k++) {
      i32 sum = 128 * (pixel[k] * pixel[3] + 255 * (255 - pixel[3])) + (0x80 << 7);
      pixel[k] = (((sum >> 8) + sum) >> 8) >> 7;
    }
}

// ITU-R 601 luma in place of the first colour; red stands at place 0 or 2.
EXPORT(gray)(u8 *pixel, i32 many, i32 red) {
  for (; many; many--, pixel += 4) pixel[0] = (19595 * pixel[red] + 38470 * pixel[1] + 7471 * pixel[2 - red] + 32768) >> 16;
}
