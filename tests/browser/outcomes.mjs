// A reporter of the test runner that leaves how each test ended, a line of JSON each: `file`, `name`, and `error`, which is null if it passed.
// `cargo xtask test` gives it a file of its own, names at its end what failed, and asks those tests again.

export default async function* outcomes(events) {
  for await (const { type, data } of events) {
    if ((type !== "test:pass" && type !== "test:fail") || data.skip !== undefined) continue;
    const error = data.details?.error;
    const why = error?.cause ?? error;
    yield `${JSON.stringify({ file: data.file ?? data.name, name: data.name, error: why === undefined ? null : String(why.message ?? why) })}\n`;
  }
}
