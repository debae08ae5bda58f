import { quoteIdent } from '../quote';
import { textIn, type JsonRecord } from './plan-node';

/** The words that the server's text format has for a node: they say more than `Node Type`. */

const AGGREGATES: Readonly<Record<string, string>> = {
  Plain: 'Aggregate',
  Sorted: 'GroupAggregate',
  Hashed: 'HashAggregate',
  Mixed: 'MixedAggregate',
};

function joinTitle(type: string, fields: JsonRecord): string {
  const join = textIn(fields, 'Join Type');
  const inner = join === '' || join === 'Inner';
  if (type === 'Nested Loop') return inner ? type : `${type} ${join} Join`;
  const base = type.replace(/ Join$/, '');
  return inner ? `${base} Join` : `${base} ${join} Join`;
}

function bareTitle(type: string, fields: JsonRecord): string {
  switch (type) {
    case 'Nested Loop':
    case 'Hash Join':
    case 'Merge Join':
      return joinTitle(type, fields);
    case 'Aggregate': {
      const partial = textIn(fields, 'Partial Mode');
      const title = AGGREGATES[textIn(fields, 'Strategy')] ?? type;
      return partial === '' || partial === 'Simple' ? title : `${partial} ${title}`;
    }
    case 'SetOp': {
      const title = textIn(fields, 'Strategy') === 'Hashed' ? 'HashSetOp' : type;
      const command = textIn(fields, 'Command');
      return command === '' ? title : `${title} ${command}`;
    }
    case 'ModifyTable':
    case 'Foreign Scan': {
      const operation = textIn(fields, 'Operation');
      if (type === 'ModifyTable') return operation === '' ? type : operation;
      return operation === '' || operation === 'Select' ? type : `Foreign ${operation}`;
    }
    case 'Custom Scan': {
      const provider = textIn(fields, 'Custom Plan Provider');
      return provider === '' ? type : `${type} (${provider})`;
    }
    case 'Index Scan':
    case 'Index Only Scan':
      return textIn(fields, 'Scan Direction') === 'Backward' ? `${type} Backward` : type;
    default:
      return type;
  }
}

/** e.g. `Parallel Hash Left Join`, `Index Scan Backward`. */
export function nodeTitle(type: string, fields: JsonRecord): string {
  const parallel = fields['Parallel Aware'] === true ? 'Parallel ' : '';
  const async = fields['Async Capable'] === true ? 'Async ' : '';
  return `${parallel}${async}${bareTitle(type, fields)}`;
}

/** Relation, function or CTE with its alias, as SQL names it; empty when the node reads none. */
export function scanTarget(type: string, fields: JsonRecord): string {
  const schema = textIn(fields, 'Schema');
  const alias = textIn(fields, 'Alias');
  const name =
    textIn(fields, 'Relation Name') ||
    textIn(fields, 'Function Name') ||
    textIn(fields, 'CTE Name') ||
    textIn(fields, 'Tuplestore Name') ||
    (type === 'Table Function Scan' ? textIn(fields, 'Table Function Name') : '');
  if (name === '') return alias === '' ? '' : quoteIdent(alias);
  const qualified = schema === '' ? quoteIdent(name) : `${quoteIdent(schema)}.${quoteIdent(name)}`;
  return alias === '' || alias === name ? qualified : `${qualified} ${quoteIdent(alias)}`;
}

/** What a node works on, for a person: the index before the table. */
export function nodeTarget(type: string, fields: JsonRecord): string {
  const index = textIn(fields, 'Index Name');
  const target = scanTarget(type, fields);
  if (index === '') return target;
  return target === '' ? quoteIdent(index) : `${quoteIdent(index)} on ${target}`;
}
