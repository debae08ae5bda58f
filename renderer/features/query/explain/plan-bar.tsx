import { ActionIcon, Button, Menu, SegmentedControl, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowsDiff, IconChevronDown, IconLayoutSidebarRight, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { planText } from '../../../../shared/model/plan/plan-text';
import { formatClock } from '../../../ui/bytes';
import { useCopy } from '../../../ui/clipboard';
import { presentError } from '../../../ui/error-presenter';
import { useTip } from '../../../ui/tip';
import { visibleText } from '../../../ui/visible-text';
import { useTabActions } from '../../../ui/workbench';
import classes from './plan-bar.module.css';
import { exportPlan } from './plan-files';
import type { PlanScene } from './plan-figures';
import { PLAN_VIEWS, usePlans, type KeptPlan } from './plan-store';

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

export interface PlanBarProps {
  readonly kept: KeptPlan;
  readonly scene: PlanScene;
  /** What it is compared with. */
  readonly other: KeptPlan | null;
  /** A plan from elsewhere stands in place of the run's own. */
  readonly isOpened: boolean;
  readonly onCompare: (other: KeptPlan | null) => void;
  /** A plan is wanted from a file or the clipboard: to look at, or to compare with. */
  readonly onAsk: (what: 'show' | 'compare') => void;
  readonly onBack: () => void;
}

/** How the plan is looked at, and what can be done with it. */
export function PlanBar({ kept, scene, other, isOpened, onCompare, onAsk, onBack }: PlanBarProps) {
  const { t, i18n } = useTranslation('explain');
  const copy = useCopy();
  const view = usePlans((state) => state.view);
  const side = usePlans((state) => state.side);
  const save = (format: 'json' | 'text' | 'svg' | 'png') => {
    exportPlan(kept, scene, format, t, i18n.language).catch(presentError);
  };
  const tip = useTip();
  const copyText = () => copy(planText(scene.plan));
  const copyJson = () => copy(kept.text);
  const toggleSide = () => usePlans.setState({ side: !side });
  const comparing = other !== null;
  const earlier = usePlans((state) => state.kept).find(({ id, at }) => id !== kept.id && at <= kept.at);
  useTabActions([
    ...PLAN_VIEWS.map((each) => ({
      id: `plan.show-${each}`,
      label: t('offers.view', { view: t(`views.${each}`) }),
      disabled: comparing || each === view,
      run: () => usePlans.setState({ view: each }),
    })),
    { id: 'plan.side', label: t('side.toggle'), disabled: comparing, run: toggleSide },
    {
      id: 'plan.compare-earlier',
      label: t('offers.earlier'),
      disabled: earlier === undefined,
      run: () => onCompare(earlier ?? null),
    },
    { id: 'plan.compare-other', label: t('offers.compare'), run: () => onAsk('compare') },
    { id: 'plan.end-compare', label: t('compare.end'), disabled: !comparing, run: () => onCompare(null) },
    { id: 'plan.copy-text', label: t('offers.plan', { deed: t('menu.copy-text') }), run: copyText },
    { id: 'plan.copy-json', label: t('offers.plan', { deed: t('menu.copy-json') }), run: copyJson },
    ...(['text', 'json', 'svg', 'png'] as const).map((format) => ({
      id: `plan.save-${format}`,
      label: t('offers.plan', { deed: t(`menu.save-${format}`) }),
      run: () => save(format),
    })),
    { id: 'plan.open', label: t('menu.open'), run: () => onAsk('show') },
    { id: 'plan.back', label: t('open.back'), disabled: !isOpened, run: onBack },
  ]);
  return (
    <div className={classes.bar} role="toolbar" aria-label={t('bar')}>
      {other ? (
        <>
          <IconArrowsDiff {...icon} />
          <span className={classes.comparing} title={visibleText(other.title)}>
            {t('compare.with', { title: visibleText(other.title) })}
          </span>
          <Button variant="default" size="xs" leftSection={<IconX {...icon} />} onClick={() => onCompare(null)}>
            {t('compare.end')}
          </Button>
        </>
      ) : (
        <SegmentedControl
          size="xs"
          aria-label={t('views.label')}
          data={PLAN_VIEWS.map((value) => ({ value, label: t(`views.${value}`) }))}
          value={view}
          onChange={(value) => usePlans.setState({ view: PLAN_VIEWS.find((each) => each === value) ?? view })}
        />
      )}
      {isOpened ? (
        <>
          <span className={classes.opened} title={visibleText(kept.title)}>
            {visibleText(kept.title)}
          </span>
          <Button variant="default" size="xs" leftSection={<IconArrowBackUp {...icon} />} onClick={onBack}>
            {t('open.back')}
          </Button>
        </>
      ) : null}
      <span className={classes.gap} />
      <CompareMenu kept={kept} onCompare={onCompare} onAsk={onAsk} />
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" size="xs" rightSection={<IconChevronDown {...icon} />}>
            {t('menu.label')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={copyText}>{t('menu.copy-text')}</Menu.Item>
          <Menu.Item onClick={copyJson}>{t('menu.copy-json')}</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => save('text')}>{t('menu.save-text')}</Menu.Item>
          <Menu.Item onClick={() => save('json')}>{t('menu.save-json')}</Menu.Item>
          <Menu.Item onClick={() => save('svg')}>{t('menu.save-svg')}</Menu.Item>
          <Menu.Item onClick={() => save('png')}>{t('menu.save-png')}</Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => onAsk('show')}>{t('menu.open')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={tip(t('side.toggle'), 'plan.side')}>
        <ActionIcon
          variant="subtle"
          size="lg"
          aria-label={t('side.toggle')}
          aria-pressed={side}
          disabled={comparing}
          onClick={toggleSide}
        >
          <IconLayoutSidebarRight {...icon} />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

/** Earlier plans of the window, newest first, and those from elsewhere. */
function CompareMenu({ kept, onCompare, onAsk }: Pick<PlanBarProps, 'kept' | 'onCompare' | 'onAsk'>) {
  const { t, i18n } = useTranslation('explain');
  const others = usePlans((state) => state.kept).filter(({ id }) => id !== kept.id);
  return (
    <Menu position="bottom-end" width={360}>
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconArrowsDiff {...icon} />}
          rightSection={<IconChevronDown {...icon} />}
        >
          {t('compare.label')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{others.length === 0 ? t('compare.none') : t('compare.earlier')}</Menu.Label>
        {others.map((other) => (
          <Menu.Item
            key={other.id}
            rightSection={<span className={classes.time}>{formatClock(other.at, i18n.language)}</span>}
            onClick={() => onCompare(other)}
          >
            <span className={classes.title} title={visibleText(other.title)}>
              {visibleText(other.title)}
            </span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => onAsk('compare')}>{t('compare.other')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
