/** The file name that a Content-Disposition header proposes; null if there is no usable name. */
export function proposedName(disposition: string | null): string | null {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  const plain = /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1];
  const name = encoded === undefined ? plain : decoded(encoded);
  // The server must not choose the folder, so only the last part of a path counts.
  const last = name?.split(/[/\\]/).at(-1)?.trim();
  return last === undefined || last === '' || last.startsWith('.') ? null : last;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
