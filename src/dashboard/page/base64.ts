/** Bytes of a text in base64. */
export const bytesOf = (text: string): ArrayBuffer =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
