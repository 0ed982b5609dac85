// What the pages use of zxing-wasm, whose own code is not checked here.
export function prepareZXingModule(how: {
  overrides: { locateFile: (path: string) => string };
  fireImmediately: boolean;
}): Promise<unknown>;
export function readBarcodes(
  pixels: ImageData | Blob,
  how: { formats: string[]; maxNumberOfSymbols: number },
): Promise<{ text: string }[]>;
