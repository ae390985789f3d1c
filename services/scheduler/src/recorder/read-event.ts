import { decodeBody, type Fact, factSchema } from '#libs/contracts';

/** An event understood, with the inline output behind its first line. */
export interface ReadEvent {
  readonly fact: Fact;
  readonly inline: Uint8Array;
}

/** Reads an event of this installation; a text says why it is none. */
export function readEvent(body: Uint8Array, installation: string): ReadEvent | string {
  try {
    const { head, rest } = decodeBody(body);
    const fact = factSchema.safeParse(head);
    if (!fact.success) {
      const issue = fact.error.issues[0]!;
      return `The first line is no fact: ${issue.path.join('.')} ${issue.message}.`;
    }
    if (fact.data.installation !== installation) return `The fact is of installation ${fact.data.installation}.`;
    return { fact: fact.data, inline: rest };
  } catch {
    return 'The first line is no JSON.';
  }
}
