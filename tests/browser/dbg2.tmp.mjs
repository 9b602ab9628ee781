import { open, until } from "./harness.mjs";
import { test } from "node:test";
test("d", async (t) => {
  const { page, problems, site } = await open(t, { hash: "preset=forrester&n=3" });
  const log = await page.evaluate(() => new Promise((done) => {
    const out = [];
    const worker = new Worker(new URL(`worker-start.js?kind=single&threads=1&v=bench`, document.baseURI), { type: "module" });
    worker.onerror = (e) => out.push("error " + e.message);
    worker.onmessage = ({ data }) => {
      out.push(data.type + " " + (data.message ?? ""));
      if (data.type === "ready") worker.postMessage({ type: "prepare", run: 1, text: "preset=forrester&n=3", lines: [], crashed: undefined });
      if (data.type === "prepared") worker.postMessage({ type: "advance", run: 1, trials: undefined });
    };
    setTimeout(() => done(out), 3000);
  }));
  console.log(log.join(", "));
  console.log(problems);
});
