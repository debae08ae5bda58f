import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCopyPlus, IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import {
  RULE_ACTIONS,
  RULE_PROTOCOLS,
  type SecurityRule,
  type SecurityRuleFailure,
} from '../../../shared/model/security-rules';
import { NEW_RULE, withProtocol } from './model';
import classes from './rule-editor.module.css';

export interface RuleEditorProps {
  readonly rules: readonly SecurityRule[];
  readonly failures: readonly SecurityRuleFailure[];
  readonly onChange: (rules: readonly SecurityRule[]) => void;
}

/** Ordered rules, edited in place: the first that fits decides. */
export function RuleEditor({ rules, failures, onChange }: RuleEditorProps) {
  const { t } = useTranslation('networks');
  const swap = (at: number, other: number) => {
    const [a, b] = [rules[at], rules[other]];
    if (a !== undefined && b !== undefined) onChange(rules.with(at, b).with(other, a));
  };
  return (
    <div className={classes.scroller}>
      <table className={classes.table} aria-label={t('groups.inbound')}>
        <thead>
          <tr>
            {(['number', 'action', 'source', 'protocol', 'ports', 'remark'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`rules.${column}`)}
              </th>
            ))}
            <th scope="col">
              <span className="visually-hidden">{t('rules.order')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule, at) => (
            <RuleRow
              key={at}
              number={at + 1}
              rule={rule}
              failures={failures.filter(({ index }) => index === at)}
              last={at === rules.length - 1}
              onChange={(next) => onChange(rules.with(at, next))}
              onUp={() => swap(at, at - 1)}
              onDown={() => swap(at, at + 1)}
              onDuplicate={() => onChange(rules.toSpliced(at + 1, 0, rule))}
              onRemove={() => onChange(rules.toSpliced(at, 1))}
            />
          ))}
          <tr>
            <td>{rules.length + 1}</td>
            <td>{t('actions.DROP')}</td>
            <td colSpan={5} className={classes.rest}>
              {t('rules.rest')}
            </td>
          </tr>
        </tbody>
      </table>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={16} stroke={1.5} />}
        onClick={() => onChange([...rules, NEW_RULE])}
      >
        {t('rules.add')}
      </Button>
    </div>
  );
}

interface RuleRowProps {
  readonly number: number;
  readonly rule: SecurityRule;
  readonly failures: readonly SecurityRuleFailure[];
  readonly last: boolean;
  readonly onChange: (rule: SecurityRule) => void;
  readonly onUp: () => void;
  readonly onDown: () => void;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
}

function RuleRow({ number, rule, failures, last, onChange, ...moves }: RuleRowProps) {
  const { t } = useTranslation('networks');
  const problem = (field: SecurityRuleFailure['field']) => {
    const failure = failures.find((each) => each.field === field);
    return failure && t(`rules.${failure.rule}`, { ...failure.values, example: failure.example });
  };
  const label = (field: string) => t('rules.of', { field: t(`rules.${field}`), number });
  const portless = rule.protocol === 'ALL' || rule.protocol === 'ICMP';
  return (
    <tr data-rule={number}>
      <td>{number}</td>
      <td>
        <Select
          aria-label={label('action')}
          data={RULE_ACTIONS.map((action) => ({ value: action, label: t(`actions.${action}`) }))}
          value={rule.action}
          onChange={(value) => onChange({ ...rule, action: value === 'DROP' ? 'DROP' : 'ACCEPT' })}
        />
      </td>
      <td>
        <TextInput
          aria-label={label('source')}
          value={rule.source}
          onChange={(event) => onChange({ ...rule, source: event.currentTarget.value })}
          error={problem('source')}
          spellCheck={false}
        />
      </td>
      <td>
        <Select
          aria-label={label('protocol')}
          data={[...RULE_PROTOCOLS]}
          value={rule.protocol}
          onChange={(value) =>
            onChange(withProtocol(rule, RULE_PROTOCOLS.find((each) => each === value) ?? rule.protocol))
          }
        />
      </td>
      <td>
        <TextInput
          aria-label={label('ports')}
          value={rule.ports}
          disabled={portless}
          onChange={(event) => onChange({ ...rule, ports: event.currentTarget.value })}
          error={problem('ports')}
          spellCheck={false}
        />
      </td>
      <td>
        <TextInput
          aria-label={label('remark')}
          value={rule.remark}
          onChange={(event) => onChange({ ...rule, remark: event.currentTarget.value })}
          error={problem('remark')}
        />
      </td>
      <td className={classes.moves}>
        <ActionIcon aria-label={t('rules.up', { number })} disabled={number === 1} onClick={moves.onUp}>
          <IconArrowUp size={16} stroke={1.5} />
        </ActionIcon>
        <ActionIcon aria-label={t('rules.down', { number })} disabled={last} onClick={moves.onDown}>
          <IconArrowDown size={16} stroke={1.5} />
        </ActionIcon>
        <ActionIcon aria-label={t('rules.duplicate', { number })} onClick={moves.onDuplicate}>
          <IconCopyPlus size={16} stroke={1.5} />
        </ActionIcon>
        <ActionIcon aria-label={t('rules.delete', { number })} onClick={moves.onRemove}>
          <IconTrash size={16} stroke={1.5} />
        </ActionIcon>
      </td>
    </tr>
  );
}
