/**
 * The module's calling convention: an operation by name, bytes in, a status and bytes out. Most callers want `load` of
 * the package itself.
 */

/** A `WebAssembly.Module`, where the types of WebAssembly are known, as they are with the library "dom". */
export type Module = typeof globalThis extends { WebAssembly: { Module: { prototype: infer M } } }
  ? M & object
  : object;

/** A `WebAssembly.Memory`, likewise. */
export type Memory = typeof globalThis extends { WebAssembly: { Memory: { prototype: infer M } } }
  ? M
  : { readonly buffer: ArrayBuffer };

/** A `WebAssembly.Imports`: functions by module and name. */
export type Imports = Record<string, Record<string, unknown>>;

/** The answer of an operation. */
export interface Answer {
  /** 0: `out` is the payload. 1: the operation refused its input, 2: it panicked; `out` is then error JSON. */
  readonly status: 0 | 1 | 2;
  /** A copy of the answer behind its status. */
  readonly out: Uint8Array<ArrayBuffer>;
}

/** The same as text. */
export interface TextAnswer {
  /** As in {@link Answer}. */
  readonly status: 0 | 1 | 2;
  /** The answer behind its status. */
  readonly out: string;
}

/** One instance of the module: a memory of its own, some 2 MiB at first. */
export class Instance {
  /**
   * Makes an instance, in a few milliseconds.
   *
   * @param imports WASI preview 1, for the plain form of the module; the self-contained form has no imports. A function is
   *   given one that returns the memory of the instance, which WASI works on.
   * @throws TypeError if the module is not one of ossconf or speaks another calling convention
   * @throws WebAssembly.LinkError if it needs other imports
   * @throws WebAssembly.RuntimeError if it traps
   */
  constructor(module: Module, imports?: Imports | ((memory: () => Memory) => Imports));

  /** The number of the module's calling convention. */
  readonly abi: 1;

  /** Whether the instance has trapped or was wiped. The owner then replaces it. */
  readonly dead: boolean;

  /** The size in bytes of the instance's memory, which never shrinks. */
  readonly memorySize: number;

  /**
   * Runs an operation. The blocks of the input and of the answer are freed, which zeroes them.
   *
   * @param op such as "decode"; the operation "version" lists them
   * @param input at most 1 MiB + 64 KiB
   * @throws TypeError if the module has no such operation, or the input is not a Uint8Array of attached, unshared memory
   * @throws RangeError if the input is larger than any operation takes
   * @throws WebAssembly.RuntimeError if the module trapped or broke its convention, now or before; `dead` is then true
   */
  call(op: string, input: Uint8Array): Answer;

  /**
   * Runs an operation on text that has no half of a surrogate pair, which would become U+FFFD. Faster than to encode and
   * decode it around {@link Instance.call}.
   *
   * @throws TypeError if the module has no such operation, or the input is no string
   * @throws RangeError, WebAssembly.RuntimeError as {@link Instance.call}
   */
  callText(op: string, input: string): TextAnswer;

  /** Overwrites the whole memory with zeros, which ends the instance. */
  wipe(): void;
}
