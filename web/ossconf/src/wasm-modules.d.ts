declare module "*/ossconf.wasm" {
  const module: WebAssembly.Module;
  export { module as default };
}

declare module "*/ossconf.wasm?module" {
  const module: WebAssembly.Module;
  export { module as default };
}
