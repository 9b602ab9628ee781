// The built page in Firefox, where one is installed: it starts, runs a study on threads, draws, and gives the same trials as elsewhere.
// Firefox is led through Marionette, the protocol it has built in: JSON over a socket, no further package.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { host, until } from "./harness.mjs";

function findFirefox() {
  const dirs = (process.env.PATH ?? "").split(delimiter);
  const found = ["firefox", "firefox-esr"].flatMap((name) => dirs.map((dir) => join(dir, name))).find((path) => existsSync(path));
  return process.env.TUNESCAPE_FIREFOX ?? found;
}

/** A port that is free now. */
async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** A session in a fresh profile: `ask(command, parameters)`, `run(function, …arguments)` inside the page. Ends with test `t`. */
async function firefox(t, path) {
  const home = mkdtempSync(join(tmpdir(), "tunescape-firefox-"));
  const port = await freePort();
  writeFileSync(join(home, "user.js"), `user_pref("marionette.port", ${port});\nuser_pref("datareporting.policy.dataSubmissionEnabled", false);\n`);
  const child = spawn(path, ["--headless", "--no-remote", "--marionette", "--profile", home], {
    stdio: "ignore",
    env: { ...process.env, HOME: home, MOZ_CRASHREPORTER_DISABLE: "1" },
  });
  const ended = new Promise((done) => child.once("exit", done));
  t.after(async () => {
    child.kill();
    await ended;
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });
  const socket = await until("Firefox to listen", () =>
    new Promise((done) => {
      const socket = connect(port, "127.0.0.1", () => done(socket));
      socket.once("error", () => done(undefined));
    }), 60_000);
  t.after(() => socket.destroy());

  // Each message is its length in bytes, a colon, and JSON: [1, number, error, result] for an answer.
  const waiting = new Map();
  let bytes = Buffer.alloc(0);
  socket.on("data", (part) => {
    bytes = Buffer.concat([bytes, part]);
    for (;;) {
      const colon = bytes.indexOf(58);
      const length = Number(bytes.subarray(0, Math.max(colon, 0)).toString());
      if (colon < 1 || bytes.length < colon + 1 + length) return;
      const said = JSON.parse(bytes.subarray(colon + 1, colon + 1 + length).toString());
      bytes = bytes.subarray(colon + 1 + length);
      if (Array.isArray(said)) waiting.get(said[1])?.(said);
    }
  });
  let asked = 0;
  const ask = (command, parameters = {}) =>
    new Promise((done, failed) => {
      asked += 1;
      waiting.set(asked, ([, , error, result]) => (error ? failed(new Error(`${command}: ${error.message}`)) : done(result?.value ?? result)));
      const text = JSON.stringify([0, asked, command, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  await ask("WebDriver:NewSession", { capabilities: {} });
  const run = (script, ...args) => ask("WebDriver:ExecuteScript", { script: `return (${script})(...arguments)`, args });
  return { ask, run };
}

const path = findFirefox();

test("in Firefox a study runs on threads, is drawn, and gives the command's bytes", { skip: path ? false : "no Firefox is installed" }, async (t) => {
  const site = await host();
  t.after(site.close);
  const { ask, run } = await firefox(t, path);
  const study = "preset=branin&n=8";
  await ask("WebDriver:Navigate", { url: `${site.url}#${study}` });
  const state = () => run(() => [...document.querySelectorAll("[role=status]")].map((s) => s.textContent).join(" "));
  const press = (name) => run((name) => document.querySelector(`button[aria-label="${name}"]`).click(), name);
  await until("the page to be ready", async () => /Ready/.test(await state()), 60_000);
  assert.equal(await run(() => crossOriginIsolated), true);
  assert.match(await state(), /threads/);
  await press("Run");
  await until("the run to finish", async () => /Finished/.test(await state()), 60_000);
  // Every picture shows more than one colour.
  await until("the pictures", () =>
    run(() =>
      [...document.querySelectorAll(".picture canvas")].every((c) => {
        const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
        return data.some((v, i) => v !== data[i % 4]);
      }),
    ), 30_000);
  // What the page offers as a file is kept instead.
  await run(() => {
    window.made = [];
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => (window.made.push(blob.text()), make.call(URL, blob));
    HTMLAnchorElement.prototype.click = () => {};
  });
  await press("Download trace");
  const trace = await run(() => window.made[0]);
  const command = process.env.TUNESCAPE_COMMAND;
  assert.ok(command, "TUNESCAPE_COMMAND names the built command; `cargo xtask test browser` sets it");
  const native = execFileSync(command, ["run", study, "--json"], { encoding: "utf8" });
  const lines = native.split("\n").filter((line) => line.includes('"type":"trial"'));
  assert.equal(trace, lines.map((line) => `${line}\n`).join(""));
  // The card's formula, the large panel, the lesson: what needs more of a browser than a canvas.
  await press("What is Random search?");
  await until("the card", () => run(() => (document.querySelector(".card math[display=block]")?.getBoundingClientRect().width ?? 0) > 20));
  await press("Enlarge: Best so far");
  await until("the large panel", () => run(() => document.querySelector(".best.large")?.getBoundingClientRect().width > innerWidth * 0.8));
});
