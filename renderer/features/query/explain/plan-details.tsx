import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import { isJsonRecord, type Json, type PlanBlocks, type PlanNode } from '../../../../shared/model/plan/plan-node';
import { actualText, isHeadField } from '../../../../shared/model/plan/plan-text';
import { formatBytes } from '../../../ui/bytes';
import { visibleText } from '../../../ui/visible-text';
import { NodeIcon } from './node-icon';
import classes from './plan-details.module.css';
import {
  measuresOf,
  offText,
  planBlocks,
  planCost,
  planRows,
  planShare,
  planTime,
  type PlanScene,
} from './plan-figures';

/** Fields that the groups of figures tell with units. */
const IN_GROUPS =
  /^(Shared|Local|Temp) (Hit|Read|Dirtied|Written) Blocks$|I\/O (Read|Write) Time$|^WAL (Records|FPI|Bytes)$/;
/** Fields in kilobytes. */
const KILOBYTES = new Set(['Sort Space Used', 'Peak Memory Usage', 'Disk Usage', 'Maximum Storage']);

type Item = readonly [string, ReactNode];

/** A value as text; what nests is JSON. */
function valueText(name: string, value: Json, language: string): string {
  if (typeof value === 'number') {
    if (KILOBYTES.has(name)) return formatBytes(value * 1024);
    return new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(value);
  }
  if (typeof value === 'string') return visibleText(value);
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return visibleText(value.join(', '));
  return visibleText(JSON.stringify(value));
}

function timeItems(node: PlanNode, scene: PlanScene, t: TFunction<'explain'>): Item[] {
  const of = measuresOf(scene.measures, node);
  const { actual } = node;
  if (!actual) return [];
  const items: Item[] = [];
  if (of.exclusiveMs !== null) items.push([t('details.own'), planTime(of.exclusiveMs)]);
  if (of.timeShare !== null) items.push([t('details.share'), planShare(of.timeShare)]);
  if (of.inclusiveMs !== null) items.push([t('details.whole'), planTime(of.inclusiveMs)]);
  if (actual.startupMs !== null && actual.totalMs !== null) {
    items.push([t('details.perLoop'), `${planTime(actual.startupMs)} … ${planTime(actual.totalMs)}`]);
  }
  return items;
}

function rowItems(node: PlanNode, scene: PlanScene, t: TFunction<'explain'>, language: string): Item[] {
  const of = measuresOf(scene.measures, node);
  const rows = (value: number): string => planRows(value, language);
  const items: Item[] = [];
  if (of.rows !== null) items.push([t('details.rows'), rows(of.rows)]);
  if (node.actual) {
    items.push([t('details.loops'), rows(node.actual.loops)]);
    if (node.actual.loops > 1) items.push([t('details.rowsPerLoop'), rows(node.actual.rows)]);
  }
  if (node.planRows !== null) items.push([t('details.expected'), rows(node.planRows)]);
  const off = offText(of, t, language);
  if (off !== '') items.push([t('details.estimate'), off]);
  if (of.removed > 0) items.push([t('details.removed'), rows(of.removed)]);
  if (node.planWidth !== null) items.push([t('details.width'), formatBytes(node.planWidth)]);
  if (of.processes > 1) items.push([t('details.processes'), rows(of.processes)]);
  return items;
}

function costItems(node: PlanNode, scene: PlanScene, t: TFunction<'explain'>, language: string): Item[] {
  const of = measuresOf(scene.measures, node);
  if (node.totalCost === null) return [];
  const cost = (value: number): string => planCost(value, language);
  const items: Item[] = [];
  if (of.exclusiveCost !== null) items.push([t('details.own'), cost(of.exclusiveCost)]);
  items.push([t('details.perLoop'), `${cost(node.startupCost ?? 0)} … ${cost(node.totalCost)}`]);
  return items;
}

const BLOCKS: readonly (keyof PlanBlocks)[] = [
  'sharedHit',
  'sharedRead',
  'sharedDirtied',
  'sharedWritten',
  'localHit',
  'localRead',
  'localDirtied',
  'localWritten',
  'tempRead',
  'tempWritten',
];

function blockItems(blocks: PlanBlocks, t: TFunction<'explain'>, language: string): Item[] {
  const counted = BLOCKS.filter((name) => blocks[name] > 0).map((name): Item => {
    return [t(`blocks.${name}`), planBlocks(blocks[name], language)];
  });
  const timed = (['readMs', 'writeMs'] as const)
    .filter((name) => blocks[name] > 0)
    .map((name): Item => [t(`blocks.${name}`), planTime(blocks[name])]);
  return [...counted, ...timed];
}

/** Everything about the chosen node, in groups, with units. */
export function PlanDetails({ scene }: { readonly scene: PlanScene }) {
  const { t, i18n } = useTranslation('explain');
  const { language } = i18n;
  const node = scene.selected === null ? null : scene.plan.nodes[scene.selected];
  if (!node) return <PlanFacts scene={scene} />;
  const others = Object.entries(node.fields).filter(
    ([name, value]) => !isHeadField(name) && !IN_GROUPS.test(name) && value !== false && value !== null,
  );
  const { wal } = node;
  return (
    <>
      <div className={classes.head}>
        <NodeIcon type={node.type} />
        <h3 className={classes.title}>{node.title}</h3>
      </div>
      {node.target === '' ? null : <div className={classes.target}>{visibleText(node.target)}</div>}
      {node.subplan === '' ? null : <div className={classes.quiet}>{visibleText(node.subplan)}</div>}
      {node.actual?.loops === 0 ? <p className={classes.quiet}>{t('neverText')}</p> : null}
      <Group title={t('details.time')} items={timeItems(node, scene, t)} />
      <Group title={t('details.rowsTitle')} items={rowItems(node, scene, t, language)} />
      <Group title={t('details.cost')} items={costItems(node, scene, t, language)} />
      <Group title={t('details.blocks')} items={node.blocks ? blockItems(node.blocks, t, language) : []} />
      <Group
        title={t('details.wal')}
        items={
          wal && wal.records > 0
            ? [
                [t('details.records'), planRows(wal.records, language)],
                [t('details.fullPages'), planRows(wal.fullPages, language)],
                [t('details.bytes'), formatBytes(wal.bytes)],
              ]
            : []
        }
      />
      <Group
        title={t('details.workers')}
        items={node.workers.map((worker) => [
          t('details.worker', { number: worker.number }),
          actualText(worker).trim() || valueText('', worker.fields, language),
        ])}
      />
      <Group
        title={t('details.others')}
        code
        items={others.map(([name, value]) => [visibleText(name), valueText(name, value, language)])}
      />
    </>
  );
}

/** About the plan as a whole: what stands beside its nodes. */
function PlanFacts({ scene }: { readonly scene: PlanScene }) {
  const { t, i18n } = useTranslation('explain');
  const { language } = i18n;
  const { plan } = scene;
  const { planningMemory: memory, serialization, jit } = plan;
  const others: Item[] = Object.entries(plan.others).map(([name, value]) => [
    visibleText(name),
    valueText(name, value, language),
  ]);
  if (memory) {
    const values = { used: formatBytes(memory.used * 1024), allocated: formatBytes(memory.allocated * 1024) };
    others.push([t('facts.memory'), t('facts.memoryValue', values)]);
  }
  if (serialization) {
    const time = serialization.ms === null ? '' : ` · ${planTime(serialization.ms)}`;
    others.push([t('facts.serialization'), `${formatBytes(serialization.kilobytes * 1024)}${time}`]);
  }
  const jitItems: Item[] = jit
    ? Object.entries(jit.fields).map(([name, value]) => [visibleText(name), jitText(value, language)])
    : [];
  return (
    <>
      <p className={classes.quiet}>{t('details.none')}</p>
      <Group title={t('facts.title')} items={others} />
      <Group
        title={t('facts.planning')}
        items={plan.planningBlocks ? blockItems(plan.planningBlocks, t, language) : []}
      />
      <Group
        title={t('facts.triggers')}
        items={plan.triggers.map((trigger) => [
          visibleText(`${trigger.constraint || trigger.name} · ${trigger.relation}`),
          `${planRows(trigger.calls, language)} ×${trigger.ms === null ? '' : ` · ${planTime(trigger.ms)}`}`,
        ])}
      />
      <Group title={t('facts.jit')} items={jitItems} />
      <Group
        title={t('facts.settings')}
        code
        items={plan.settings.map(({ name, value }) => [visibleText(name), visibleText(value)])}
      />
    </>
  );
}

const jitText = (value: Json, language: string): string =>
  isJsonRecord(value)
    ? Object.entries(value)
        .map(([name, each]) => `${visibleText(name)} ${jitText(each, language)}`)
        .join(', ')
    : valueText('', value, language);

interface GroupProps {
  readonly title: string;
  readonly items: readonly Item[];
  /** Values are text of the server. */
  readonly code?: boolean;
}

function Group({ title, items, code = false }: GroupProps) {
  if (items.length === 0) return null;
  return (
    <>
      <h4 className={classes.group}>{title}</h4>
      <dl className={code ? classes.texts : classes.items}>
        {items.map(([name, value], index) => (
          <div key={index} className={classes.item}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
