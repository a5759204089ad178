// Runs a test program of the target wasm32-wasip1 with Node, which has WASI built in. Cargo calls it as a runner.
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const [program, ...args] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", args: [program, ...args], env: process.env, preopens: { "/": process.cwd() } });
const module = await WebAssembly.compile(await readFile(program));
// Without `exit`, Node 20 crashes while it frees the memory of a program that has used much of it.
process.exit(wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject())));
