// What the drivers use of runtimes that @types/node does not know.

declare const Deno: {
  readonly version: { readonly deno: string };
  readonly args: string[];
  readonly stdin: { readonly readable: ReadableStream<Uint8Array<ArrayBuffer>> };
  readonly stdout: { readonly writable: WritableStream<Uint8Array> };
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
  exit(status: number): never;
};

declare const Bun: {
  readonly version: string;
  readonly argv: string[];
  readonly stdin: { stream(): ReadableStream<Uint8Array<ArrayBuffer>> };
  readonly stdout: object;
  file(path: string): { bytes(): Promise<Uint8Array<ArrayBuffer>> };
  write(to: object, bytes: Uint8Array): Promise<void>;
};

// gjs
declare function printerr(text: string): void;
declare module "gi://Gio" {
  const Gio: {
    UnixInputStream: new (properties: { fd: number }) => {
      read_bytes(size: number, cancellable: null): { toArray(): Uint8Array<ArrayBuffer> };
    };
    UnixOutputStream: new (properties: { fd: number }) => { write_all(bytes: Uint8Array, cancellable: null): void };
  };
  export default Gio;
}
declare module "gi://GLib" {
  const GLib: {
    file_get_contents(path: string): [boolean, Uint8Array<ArrayBuffer>];
    get_monotonic_time(): number;
  };
  export default GLib;
}
declare module "system" {
  const System: { readonly version: number; readonly programArgs: string[]; exit(status: number): never };
  export default System;
}

// The shell of JavaScriptCore
declare function readline(): string;
declare function print(text: string): void;
declare function printErr(text: string): void;
declare function quit(): never;
declare function readFile(path: string, form: "binary"): Uint8Array<ArrayBuffer>;
declare var arguments: string[];

// Parts of the worker that workerd.js writes
declare module "*/about.json" {
  const about: { runtime: string; version: string; sha256: string };
  export default about;
}
declare module "*/ossconf.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
