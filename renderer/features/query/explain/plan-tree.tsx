import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanNode } from '../../../../shared/model/plan/plan-node';
import { TREE_COLUMNS } from './plan-columns';
import type { PlanScene } from './plan-figures';
import { PlanRows, type PlanLine } from './plan-rows';

/** The lines of the nodes that can be seen: those under a folded one can't. */
export function treeLines(root: PlanNode, folded: ReadonlySet<number>): PlanLine[] {
  const lines: PlanLine[] = [];
  const walk = (node: PlanNode, level: number): void => {
    const expanded = !folded.has(node.id);
    lines.push({ node, level, expandable: node.children.length > 0, expanded });
    if (expanded) for (const child of node.children) walk(child, level + 1);
  };
  walk(root, 1);
  return lines;
}

/** The plan as the text format orders it, with bars. */
export function PlanTree({ scene }: { readonly scene: PlanScene }) {
  const { t } = useTranslation('explain');
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const lines = useMemo(() => treeLines(scene.plan.root, folded), [scene.plan, folded]);
  return (
    <PlanRows
      label={t('views.tree')}
      scene={scene}
      lines={lines}
      columns={TREE_COLUMNS}
      onToggle={({ id }) => {
        const next = new Set(folded);
        if (!next.delete(id)) next.add(id);
        setFolded(next);
      }}
    />
  );
}
