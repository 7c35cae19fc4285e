// What of the WebAssembly build of OpenJPH is used.

declare module '@cornerstonejs/codec-openjph/wasmjs' {
  interface Decoder {
    /** Memory of the decoder, to be filled with the code stream. */
    getEncodedBuffer(size: number): Uint8Array
    /** @param level 0 is full resolution, each further one half of it. */
    decodeSubResolution(level: number): void
    getDecodedBuffer(): Uint8Array
    delete(): void
  }
  interface OpenJph {
    HTJ2KDecoder: new () => Decoder
  }
  type OnInstance = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void
  const factory: (settings: { instantiateWasm: (imports: WebAssembly.Imports, onInstance: OnInstance) => object }) => Promise<OpenJph>
  export default factory
}

declare module '@cornerstonejs/codec-openjph/wasm?url' {
  const address: string
  export default address
}
