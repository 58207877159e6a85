// A network: a list of calls of the kernels, at addresses that were settled when it was exported.

const FIRST = 1 << 16;
const PAGE = 1 << 16;

export async function openNetwork(plan, kernels, weights) {
  const halves = plan.half ? 2 * plan.matrices : 0;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((plan.memory + halves) / PAGE) + 1 });
  const { instance } = await WebAssembly.instantiate(kernels, { env: { memory } });
  const kernel = instance.exports;
  const bytes = new Uint8Array(memory.buffer);
  const singles = 4 * plan.singles;
  bytes.set(weights.subarray(0, singles), FIRST);
  if (plan.half) {
    bytes.set(weights.subarray(singles), plan.memory);
    kernel.halves(plan.memory, FIRST + singles, plan.matrices);
  } else bytes.set(weights.subarray(singles), FIRST + singles);
  const calls = plan.calls.map(([name, ...numbers]) => [kernel[name], numbers]);
  return (pixels) => {
    bytes.set(pixels, plan.picture);
    for (const [call, numbers] of calls) call(...numbers);
    return new Float32Array(memory.buffer, plan.answer, plan.numbers).slice();
  };
}
