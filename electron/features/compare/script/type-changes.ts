import type { TypeShape } from '../../../../shared/model/compare-shape';
import { quoteIdent, quoteLiteral } from '../../../../shared/model/quote';
import { isWidening } from './column-changes';
import { altered, type Change, type ChangeStatement } from './outcome';

const SWAP: Change = { ...altered([]), how: 'swap' };

/** What turns a type of the target into the source's. `name` is qualified and quoted. */
export function typeChanges(source: TypeShape, target: TypeShape, name: string): Change {
  if (source.kind !== target.kind) return SWAP;
  if (source.kind === 'e') return enumChanges(source.labels, target.labels, name);
  if (source.kind === 'c') return attributeChanges(source, target, name);
  if (source.domain && target.domain) return domainChanges(source.domain, target.domain, name);
  return SWAP;
}

function enumChanges(source: readonly string[], target: readonly string[], name: string): Change {
  const kept = source.filter((label) => target.includes(label));
  const isPart = kept.length === target.length && kept.every((label, index) => label === target[index]);
  if (!isPart) return { ...SWAP, warnings: [{ code: 'enum-label', name }] };
  const has = new Set(target);
  const statements: ChangeStatement[] = [];
  source.forEach((label, index) => {
    if (has.has(label)) return;
    const before = source[index - 1];
    const next = source.slice(index + 1).find((each) => has.has(each));
    const place =
      before !== undefined
        ? ` AFTER ${quoteLiteral(before)}`
        : next === undefined
          ? ''
          : ` BEFORE ${quoteLiteral(next)}`;
    has.add(label);
    statements.push({
      sql: `ALTER TYPE ${name} ADD VALUE IF NOT EXISTS ${quoteLiteral(label)}${place};`,
      outside: true,
    });
  });
  return altered(statements);
}

function attributeChanges(source: TypeShape, target: TypeShape, name: string): Change {
  const names = source.attributes.map((attribute) => attribute.name);
  const kept = target.attributes.filter((attribute) => names.includes(attribute.name));
  if (kept.some((attribute, index) => attribute.name !== names[index])) return SWAP;
  const has = new Map(target.attributes.map((attribute) => [attribute.name, attribute]));
  const collate = (collation: string | null): string => (collation === null ? '' : ` COLLATE ${collation}`);
  return altered([
    ...target.attributes
      .filter((attribute) => !names.includes(attribute.name))
      .map((attribute) => ({
        sql: `ALTER TYPE ${name} DROP ATTRIBUTE ${quoteIdent(attribute.name)} CASCADE;`,
        mark: 'loss' as const,
      })),
    ...source.attributes.flatMap((attribute): ChangeStatement[] => {
      const old = has.get(attribute.name);
      const text = quoteIdent(attribute.name);
      if (!old)
        return [
          { sql: `ALTER TYPE ${name} ADD ATTRIBUTE ${text} ${attribute.type}${collate(attribute.collation)} CASCADE;` },
        ];
      if (old.type === attribute.type && old.collation === attribute.collation) return [];
      const narrows = old.type !== attribute.type && !isWidening(old.type, attribute.type);
      return [
        {
          sql: `ALTER TYPE ${name} ALTER ATTRIBUTE ${text} SET DATA TYPE ${attribute.type}${collate(attribute.collation)} CASCADE;`,
          ...(narrows ? { mark: 'loss' as const } : {}),
        },
      ];
    }),
  ]);
}

type Domain = NonNullable<TypeShape['domain']>;

function domainChanges(source: Domain, target: Domain, name: string): Change {
  if (source.base !== target.base || source.collation !== target.collation) return SWAP;
  const alter = `ALTER DOMAIN ${name}`;
  const key = (check: Domain['checks'][number]): string => JSON.stringify([check.name, check.definition]);
  const wanted = new Set(source.checks.map(key));
  const has = new Set(target.checks.map(key));
  const statements = target.checks
    .filter((check) => !wanted.has(key(check)))
    .map((check) => `${alter} DROP CONSTRAINT ${quoteIdent(check.name)};`);
  if (source.default !== target.default) {
    statements.push(`${alter} ${source.default === null ? 'DROP DEFAULT' : `SET DEFAULT ${source.default}`};`);
  }
  if (source.notNull !== target.notNull) statements.push(`${alter} ${source.notNull ? 'SET' : 'DROP'} NOT NULL;`);
  statements.push(
    ...source.checks
      .filter((check) => !has.has(key(check)))
      .map((check) => `${alter} ADD CONSTRAINT ${quoteIdent(check.name)} ${check.definition};`),
  );
  return altered(statements);
}
