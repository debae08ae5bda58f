import { Button, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InstanceOptions } from '../../../shared/model/instance';
import type { SecurityGroupView, SecurityRule } from '../../../shared/model/security-rules';
import { EmptyState } from '../../ui/empty-state';
import { MiddleEllipsis } from '../../ui/middle-ellipsis';
import { regionName } from '../../ui/place-names';
import { useTab } from '../../ui/workbench';
import { GroupDialogs, type GroupQuestion } from './group-dialogs';
import { GroupPanel } from './group-panel';
import classes from './groups-tab.module.css';
import { sameRules } from './model';

export interface GroupsTabProps {
  readonly plane: string;
  readonly options: InstanceOptions;
  /** The region that is looked at; null: all. */
  readonly region: string | null;
  readonly groups: readonly SecurityGroupView[];
  readonly reload: () => Promise<void>;
}

/** Security groups at the left, the rules of the chosen one at the right. */
export function GroupsTab({ plane, options, region, groups, reload }: GroupsTabProps) {
  const { t } = useTranslation('networks');
  const { setDirty } = useTab();
  const [chosen, setChosen] = useState<string | null>(null);
  const [question, setQuestion] = useState<GroupQuestion | null>(null);
  // Rules that were changed and not saved yet, by group: looking at another group loses nothing.
  const [drafts, setDrafts] = useState<Readonly<Record<string, readonly SecurityRule[]>>>({});
  const group = groups.find(({ id }) => id === chosen) ?? groups[0];
  const isChanged = ({ id, inbound }: SecurityGroupView) => {
    const draft = drafts[id];
    return draft !== undefined && !sameRules(draft, inbound);
  };
  const dirty = groups.some(isChanged);
  useEffect(() => setDirty(dirty), [setDirty, dirty]);
  const setDraft = (id: string, rules: readonly SecurityRule[] | null) => {
    const { [id]: _old, ...others } = drafts;
    setDrafts(rules === null ? others : { ...others, [id]: rules });
  };

  return (
    <div className={classes.tab}>
      <nav className={classes.list} aria-label={t('tabs.groups')}>
        <Button
          fullWidth
          leftSection={<IconPlus size={16} stroke={1.5} />}
          onClick={() => setQuestion({ ask: 'create', region: region ?? options.regions[0]?.code ?? '' })}
        >
          {t('groups.create')}
        </Button>
        {groups.map((each) => (
          <UnstyledButton
            key={each.id}
            className={classes.entry ?? ''}
            aria-current={each.id === group?.id}
            data-group={each.id}
            onClick={() => setChosen(each.id)}
          >
            <span className={classes.name}>
              <MiddleEllipsis text={each.name} />
              {isChanged(each) ? <span className={classes.quiet}>{t('groups.unsaved')}</span> : null}
            </span>
            <span className={classes.quiet}>
              {regionName(t, each.region)}
              {each.boundCount === null ? '' : ` · ${t('groups.boundCount', { count: each.boundCount })}`}
            </span>
          </UnstyledButton>
        ))}
      </nav>
      {group === undefined ? (
        <EmptyState title={t('groups.none')} text={t('groups.noneText')} />
      ) : (
        <GroupPanel
          key={group.id}
          plane={plane}
          group={group}
          rules={drafts[group.id] ?? group.inbound}
          changed={isChanged(group)}
          onRules={(rules) => setDraft(group.id, rules)}
          onAsk={setQuestion}
          reload={reload}
        />
      )}
      <GroupDialogs
        plane={plane}
        options={options}
        question={question}
        onClose={() => setQuestion(null)}
        onDone={async (id) => {
          await reload();
          if (id !== null) setChosen(id);
        }}
      />
    </div>
  );
}
