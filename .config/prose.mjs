import ts from 'typescript';

/**
 * Phrases of the former dialect of this repository, each with what to write instead, a sentence that contains it, and a
 * similar sentence that is good. The spec tries both, so add an entry here when you find another phrase.
 */
export const PATTERNS = [
  {
    // The quoted name is a user of the operating system.
    pattern: /(?<!")\b(?:nobody|somebody|whoever|anybody)\b(?!")/i,
    instead: 'name the role, or use the passive',
    bad: 'Nobody has foreseen this.',
    good: 'An unexpected error occurred.',
  },
  {
    pattern: /\b(?:is|are|was) no (?!longer\b|more\b|better\b|worse\b|less\b|different\b)(?:\w+ ){0,2}\w+[.:;,]?/i,
    // "There is no scheduler" and "if there is no worker" are good.
    unless: /\bthere (?:is|are|was) no\b/i,
    instead: '"is not a valid X", or "there is no X"',
    bad: 'The Idempotency-Key is no key.',
    good: 'There is no batch 5; its runs are no longer stored.',
  },
  {
    pattern: /\b(?:cannot|can) be one\b/i,
    instead: '"is invalid"',
    bad: 'The Idempotency-Key cannot be one.',
    good: 'A batch can be one file long.',
    unless: /\bbe one \w+ (?:long|large)/i,
  },
  { pattern: /\banew\b/i, instead: '"again"', bad: 'The link is made anew.', good: 'The link is created again.' },
  {
    pattern: /\b(?:made|make|makes) again\b/i,
    instead: '"recreated"',
    bad: 'The consumer was made again.',
    good: 'The consumer was recreated.',
  },
  {
    pattern: /\b(?:goes|go|went|going) on(?: by itself)?\b(?! (?:the|a|an|its|this)\b)/i,
    instead: '"continues"',
    bad: 'Nothing: it goes on by itself.',
    good: 'No action needed: it continues automatically.',
  },
  {
    pattern: /\b(?:hand|hands|handed|handing) (?:on|over)\b/i,
    instead: '"publish", "forward" or "deliver"',
    bad: 'The stage was handed on.',
    good: 'The stage message was published.',
  },
  {
    pattern: /\b(?:stood|stands|stand) still\b/i,
    instead: '"was suspended" or "is stalled"',
    bad: 'The worker stood still.',
    good: 'The worker was suspended.',
  },
  {
    pattern: /\bput(?:s)? (?:aside|back)\b/i,
    instead: '"park", "dead-letter" or "return to the queue"',
    bad: 'The message was put aside.',
    good: 'The message was moved to the DEAD stream.',
  },
  {
    pattern: /\b(?:came|come|comes) to an end\b/i,
    instead: '"finished"',
    bad: 'Nothing has come to an end.',
    good: 'No file has finished.',
  },
  { pattern: /\bunder way\b/i, instead: '"in progress"', bad: 'It is under way.', good: 'It is in progress.' },
  {
    pattern: /\bis there (?:already|now|yet)\b|\bthat is there\b|\bwhat is there\b/i,
    instead: '"exists", "existing"',
    bad: 'The schedulers that is there answers.',
    good: 'The existing scheduler answers.',
  },
  {
    pattern: /\b(?:(?:tells?|told) (?:of|more|who|what|it|so|how|that)|says? (?:of|so|who|nothing))\b/i,
    instead: '"report", "show" or "state"',
    bad: 'The log of the scheduler tells more.',
    good: 'See the scheduler log.',
  },
  {
    pattern: /\bwho looks after\b/i,
    instead: '"the administrator"',
    bad: 'Tell who looks after Chowda.',
    good: 'Report the request ID to your administrator.',
  },
  {
    pattern: /\bask(?:s|ed)? of\b/i,
    instead: '"request"',
    bad: 'This was asked of the app.',
    good: 'This was requested from the app.',
  },
  {
    pattern: /\b(?:take|takes|taken|took) over (?:what|from|the (?:result|output)s?)\b/i,
    instead: '"reuse"',
    bad: 'It takes over what earlier runs produced.',
    good: 'It reuses the results of earlier runs.',
  },
  {
    pattern: /\bin the way\b/i,
    instead: '"conflict"',
    bad: 'Another command was in the way.',
    good: 'The request conflicted with another one.',
  },
  {
    pattern: /\bwhat (?:came|comes|became|becomes) of\b/i,
    instead: '"result"',
    bad: 'Shows what came of it.',
    good: 'Shows the result.',
  },
  {
    pattern: /\b(?:is|are|was) well\b(?!-)/i,
    instead: '"is healthy"',
    bad: 'Whether it is well.',
    good: 'The service is well-known.',
  },
  {
    pattern: /\bso (?:many|much|long) (?:as|of|files|runs|seconds|a)\b|\bfor so long\b/i,
    instead: 'a number with a unit',
    bad: 'The worker was silent for so long.',
    good: 'The worker was silent for 30 s.',
  },
  {
    pattern: /\b(?:of|by) whom\b/i,
    instead: 'a concrete subject',
    bad: 'The person by whom it was started.',
    good: 'The owner of the batch.',
  },
  { pattern: /\bbesides\b/i, instead: '"in addition to"', bad: 'Besides the own one.', good: 'It is beside the run.' },
  {
    pattern: /\b(?:the|an|its|their) own one\b|\ban own\b/i,
    instead: '"its own" or "your own"',
    bad: 'An own CLAMS app.',
    good: 'Your own CLAMS app.',
  },
];

/** The first phrase to avoid in a text: the found words and what to write instead; null without one. */
export function badPhrase(text) {
  for (const { pattern, unless, instead } of PATTERNS) {
    const found = pattern.exec(text);
    if (found && !unless?.test(text)) return { words: found[0], instead };
  }
  return null;
}

/** Texts that a user can see in a source file: string literals, templates and JSX text, each with its line. */
export function textsOf(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const texts = [];
  const add = (node, text) => {
    const line = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
    // One word is a key, a name or a code.
    if (/\S\s+\S/.test(text)) texts.push({ line, text: text.replaceAll(/\s+/g, ' ').trim() });
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isStringLiteralLike(node)) add(node, node.text);
    if (ts.isTemplateExpression(node)) {
      add(node, [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' … '));
    }
    if (ts.isJsxText(node)) add(node, node.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return texts;
}

/** Paragraphs of a Markdown page without code and HTML comments, each with its line. */
export function paragraphsOf(source) {
  const blank = (text) => text.replaceAll(/[^\n]/g, '');
  const prose = source
    .replaceAll(/^```[^]*?^```$/gm, blank)
    .replaceAll(/<!--[^]*?-->/g, blank)
    .replaceAll(/`[^`\n]*`/g, '`code`');
  return prose
    .split('\n')
    .map((text, index) => ({ line: index + 1, text }))
    .filter(({ text }) => text.trim() !== '');
}
