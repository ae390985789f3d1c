import ts from 'typescript';

/** One small change of a source file that its specs should notice. */
export interface Mutant {
  /** Path from the root of the repository. */
  readonly file: string;
  /** First line of the change, from 1. */
  readonly line: number;
  /** Offsets of the replaced text in the file. */
  readonly start: number;
  readonly end: number;
  readonly original: string;
  readonly replacement: string;
}

/** Replaces a part of the source. */
type Change = readonly [start: number, end: number, replacement: string];

const SWAPPED: Readonly<Partial<Record<ts.SyntaxKind, string>>> = {
  [ts.SyntaxKind.LessThanToken]: '<=',
  [ts.SyntaxKind.LessThanEqualsToken]: '<',
  [ts.SyntaxKind.GreaterThanToken]: '>=',
  [ts.SyntaxKind.GreaterThanEqualsToken]: '>',
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: '!==',
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: '===',
  [ts.SyntaxKind.AsteriskToken]: '/',
  [ts.SyntaxKind.SlashToken]: '*',
  [ts.SyntaxKind.PercentToken]: '*',
  [ts.SyntaxKind.MinusToken]: '+',
  [ts.SyntaxKind.PlusEqualsToken]: '-=',
};
const LOGICAL = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);
/** Methods whose call can be dropped, so that the receiver is used unchanged. */
const DROPPED = new Set(['filter', 'sort', 'toSorted', 'reverse', 'toReversed', 'slice', 'trim', 'toLowerCase']);
const RENAMED: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  min: 'max',
  max: 'min',
  startsWith: 'endsWith',
  floor: 'ceil',
  ceil: 'floor',
};

/** All mutants of a file, in the order of its text. Types, imports, decorators and texts are left alone. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const changes: Change[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isDecorator(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || isSetting(node)) return;
    changes.push(...changesOf(node, tree));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return changes
    .map(([start, end, replacement]) => ({
      file,
      line: tree.getLineAndCharacterOfPosition(start).line + 1,
      start,
      end,
      original: source.slice(start, end),
      replacement,
    }))
    .sort((left, right) => left.start - right.start);
}

/** The source with one mutant in it. */
export const applied = (source: string, { start, end, replacement }: Mutant): string =>
  source.slice(0, start) + replacement + source.slice(end);

function changesOf(node: ts.Node, tree: ts.SourceFile): Change[] {
  const text = (part: ts.Node) => part.getText(tree);
  const whole = (part: ts.Node, replacement: string): Change => [part.getStart(tree), part.end, replacement];
  if (ts.isBinaryExpression(node)) return ofBinary(node, text, whole);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return [whole(node, text(node.operand))];
  }
  if (ts.isIfStatement(node)) return [whole(node.expression, 'false')];
  if (ts.isConditionalExpression(node)) return [whole(node.condition, 'true'), whole(node.condition, 'false')];
  if (ts.isNumericLiteral(node)) return [whole(node, `(${text(node)} + 1)`)];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [whole(node, 'false')];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [whole(node, 'true')];
  if (ts.isRegularExpressionLiteral(node)) return ofRegex(node, text, whole);
  if (ts.isExpressionStatement(node) && !isSuperCall(node)) return [whole(node, ';')];
  if (ts.isCallExpression(node)) return ofCall(node, text, whole);
  if (ts.isNewExpression(node) && text(node.expression) === 'Set') {
    return (node.arguments ?? []).map((argument) => whole(node, text(argument)));
  }
  if (ts.isPropertyAssignment(node) && node.parent.properties.some(ts.isSpreadAssignment)) {
    // Dropping a property only compiles where another object supplies it.
    const rest = tree.text.slice(node.end);
    return [[node.getStart(tree), node.end + (/^\s*,/.exec(rest)?.[0].length ?? 0), '']];
  }
  return [];
}

/** A number with a name in capitals, such as a time limit: a spec that repeats its value proves nothing. */
const isSetting = (node: ts.Node): boolean =>
  ts.isVariableDeclaration(node) &&
  /^[A-Z][A-Z_\d]+$/.test(node.name.getText()) &&
  node.initializer !== undefined &&
  /^[-\d_.*/\s()A-Z]+$/.test(node.initializer.getText());

type TextOf = (part: ts.Node) => string;
type Whole = (part: ts.Node, replacement: string) => Change;

function ofBinary({ left, operatorToken, right }: ts.BinaryExpression, text: TextOf, whole: Whole): Change[] {
  const { kind } = operatorToken;
  const parent = left.parent;
  if (LOGICAL.has(kind)) return [whole(parent, `(${text(left)})`), whole(parent, `(${text(right)})`)];
  if (kind === ts.SyntaxKind.PlusToken) {
    // Two texts are joined more often than a text is joined to a number: "-" makes NaN of both.
    const isText = [left, right].some((side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side));
    return isText ? [] : [whole(operatorToken, '-')];
  }
  const swapped = SWAPPED[kind];
  return swapped === undefined ? [] : [whole(operatorToken, swapped)];
}

function ofCall(node: ts.CallExpression, text: TextOf, whole: Whole): Change[] {
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression)) return [];
  const name = expression.name.text;
  const renamed = RENAMED[name];
  return [
    ...(DROPPED.has(name) ? [whole(node, text(expression.expression))] : []),
    ...(renamed === undefined ? [] : [whole(expression.name, renamed)]),
  ];
}

/** Drops the anchor at the begin or at the end of a pattern. */
function ofRegex(node: ts.RegularExpressionLiteral, text: TextOf, whole: Whole): Change[] {
  const pattern = text(node);
  return [/^\/\^/, /\$(?=\/\w*$)/]
    .filter((anchor) => anchor.test(pattern))
    .map((anchor) =>
      whole(
        node,
        pattern.replace(anchor, (found) => (found.startsWith('/') ? '/' : '')),
      ),
    );
}

const isSuperCall = ({ expression }: ts.ExpressionStatement): boolean =>
  ts.isCallExpression(expression) && expression.expression.kind === ts.SyntaxKind.SuperKeyword;
