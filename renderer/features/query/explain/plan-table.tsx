import { Button, Menu } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanNode } from '../../../../shared/model/plan/plan-node';
import { PLAN_COLUMNS, planCell, type PlanColumn } from './plan-columns';
import { measuresOf, type PlanScene } from './plan-figures';
import { usePlans } from './plan-store';
import { PlanRows, type PlanSort } from './plan-rows';
import classes from './plan-table.module.css';

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

/** Every node in one list: sorted by any figure, in the columns that are wanted. */
export function PlanTable({ scene }: { readonly scene: PlanScene }) {
  const { t, i18n } = useTranslation('explain');
  const { plan, measures } = scene;
  const columns = usePlans((state) => state.columns);
  const [sort, setSort] = useState<PlanSort>({ column: 'share', descending: true });
  const lines = useMemo(() => {
    const value = (node: PlanNode): number => {
      if (sort.column === 'node') return -node.id;
      return planCell(sort.column, node, measuresOf(measures, node), t, i18n.language).value ?? -1;
    };
    const sign = sort.descending ? -1 : 1;
    const sorted = plan.nodes.toSorted((a, b) => sign * (value(a) - value(b)) || a.id - b.id);
    return sorted.map((node) => ({ node, level: 1, expandable: false, expanded: false }));
  }, [plan, measures, sort, t, i18n.language]);
  const toggle = (column: PlanColumn) => {
    const next = PLAN_COLUMNS.filter((each) => (each === column ? !columns.includes(each) : columns.includes(each)));
    usePlans.setState({ columns: next });
  };
  return (
    <>
      <div className={classes.bar}>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button variant="subtle" size="xs" leftSection={<IconColumns {...icon} />}>
              {t('columns.choose')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {PLAN_COLUMNS.map((column) => (
              <Menu.CheckboxItem key={column} checked={columns.includes(column)} onChange={() => toggle(column)}>
                {t(`columns.${column}`)}
              </Menu.CheckboxItem>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      <PlanRows
        label={t('views.table')}
        scene={scene}
        lines={lines}
        columns={columns}
        sort={sort}
        onSort={(column) => setSort({ column, descending: sort.column === column ? !sort.descending : true })}
      />
    </>
  );
}
