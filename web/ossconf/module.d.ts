/**
 * The self-contained WebAssembly module, for bundlers and runtimes that import a .wasm file as a compiled module. Others
 * use this entry as the name of a file.
 */
declare const module: import("./raw.js").Module;
export default module;
