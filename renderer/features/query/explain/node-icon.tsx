import {
  IconArrowMerge,
  IconArrowsSort,
  IconBracketsContain,
  IconCalculator,
  IconCpu,
  IconDatabaseSearch,
  IconFilter,
  IconFunction,
  IconGitMerge,
  IconGridDots,
  IconHash,
  IconHourglassLow,
  IconListSearch,
  IconPencil,
  IconPlayerStop,
  IconRefresh,
  IconRepeat,
  IconSquare,
  IconStack2,
  IconTable,
  IconWorld,
} from '@tabler/icons-react';

const ICONS = {
  table: IconTable,
  index: IconListSearch,
  bitmap: IconGridDots,
  tid: IconDatabaseSearch,
  foreign: IconWorld,
  function: IconFunction,
  inner: IconBracketsContain,
  loop: IconRepeat,
  merge: IconGitMerge,
  hash: IconHash,
  sort: IconArrowsSort,
  aggregate: IconCalculator,
  append: IconArrowMerge,
  gather: IconCpu,
  limit: IconPlayerStop,
  unique: IconFilter,
  keep: IconStack2,
  modify: IconPencil,
  lock: IconHourglassLow,
  recursive: IconRefresh,
  other: IconSquare,
};
type Kind = keyof typeof ICONS;

/** One icon for each kind of work; the first that fits. */
const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^Seq Scan|^Sample Scan/, 'table'],
  [/^Index (Only )?Scan/, 'index'],
  [/^Bitmap/, 'bitmap'],
  [/^Tid/, 'tid'],
  [/^Foreign|^Custom/, 'foreign'],
  [/^(Table )?Function Scan|^ProjectSet/, 'function'],
  [/^CTE Scan|^WorkTable|^Subquery|^Named/, 'inner'],
  [/^Nested Loop/, 'loop'],
  [/^Merge Join/, 'merge'],
  [/^Hash Join|^Hash$|^Memoize/, 'hash'],
  [/Sort$/, 'sort'],
  [/^Aggregate|^Group|^WindowAgg/, 'aggregate'],
  [/^Append|^Merge Append|^SetOp/, 'append'],
  [/^Gather/, 'gather'],
  [/^Limit/, 'limit'],
  [/^Unique/, 'unique'],
  [/^Materialize/, 'keep'],
  [/^ModifyTable/, 'modify'],
  [/^LockRows/, 'lock'],
  [/^Recursive/, 'recursive'],
];

const kindOf = (type: string): Kind => KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'other';

export interface NodeIconProps {
  /** `Node Type` of the server. */
  readonly type: string;
  /** Within a drawing: where it stands. */
  readonly x?: number;
  readonly y?: number;
}

/** What a node does, as a picture beside its name. */
export function NodeIcon({ type, x, y }: NodeIconProps) {
  const Shown = ICONS[kindOf(type)];
  const at = x === undefined || y === undefined ? {} : { x, y };
  return <Shown size={16} stroke={1.5} aria-hidden {...at} />;
}
