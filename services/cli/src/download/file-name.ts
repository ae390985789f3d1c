/** The file name that an answer proposes; null when it proposes none that can be one. */
export function proposedName(disposition: string | null): string | null {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  const plain = /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1];
  const name = encoded === undefined ? plain : decoded(encoded);
  // Never a path: the server does not choose the folder.
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
