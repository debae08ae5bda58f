import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconChevronDown, IconSitemap } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EXPLAIN_OPTIONS, optionNeeds, optionUse } from '../../../../shared/model/explain';
import type { ExplainOptions } from '../../../../shared/model/query';
import { useKeysText, useTabActions } from '../../../ui/workbench';
import classes from './explain-button.module.css';
import { chooseSerialize, toggleOption, useExplainOptions } from './explain-options';

export interface ExplainButtonProps {
  /** `server_version_num`. */
  readonly version: number;
  readonly disabled: boolean;
  readonly onExplain: (options: ExplainOptions) => void;
}

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;
const SERIALIZE = ['none', 'text', 'binary'] as const;

/** Of the run bar: EXPLAIN, EXPLAIN ANALYZE, and their options. */
export function ExplainButton({ version, disabled, onExplain }: ExplainButtonProps) {
  const { t } = useTranslation('explain');
  const keysText = useKeysText();
  const options = useExplainOptions();
  const plan = () => onExplain({ ...options, analyze: false });
  const analyze = () => onExplain({ ...options, analyze: true });
  useTabActions([
    { id: 'query.explain', label: t('button.plan'), keys: 'f7', disabled, run: plan },
    { id: 'query.explain-analyze', label: t('button.analyze'), keys: 'shift+f7', disabled, run: analyze },
  ]);
  const keys = { plan: keysText('query.explain', 'f7'), analyze: keysText('query.explain-analyze', 'shift+f7') };
  return (
    <Button.Group>
      <Tooltip label={keys.plan === '' ? t('button.hint') : `${t('button.hint')} (${keys.plan})`}>
        <Button variant="default" leftSection={<IconSitemap {...icon} />} disabled={disabled} onClick={plan}>
          {t('button.plan')}
        </Button>
      </Tooltip>
      <Menu position="bottom-start" width={320}>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" className={classes.more ?? ''} aria-label={t('button.more')}>
            <IconChevronDown {...icon} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={disabled} rightSection={<Note>{keys.plan}</Note>} onClick={plan}>
            {t('button.plan')}
          </Menu.Item>
          <Menu.Item disabled={disabled} rightSection={<Note>{keys.analyze}</Note>} onClick={analyze}>
            {t('button.analyze')}
          </Menu.Item>
          <p className={classes.text}>{t('button.analyzeText')}</p>
          <Menu.Divider />
          <Menu.Label>{t('button.options')}</Menu.Label>
          {EXPLAIN_OPTIONS.map((option) => {
            const needs = optionNeeds(option, version);
            const use = optionUse(option, version);
            const note =
              needs === null ? (use === 'both' ? '' : t(`button.only.${use}`)) : t('button.needs', { major: needs });
            if (option === 'serialize') {
              return (
                <Menu.RadioGroup
                  key={option}
                  value={options.serialize}
                  onChange={(value) => chooseSerialize(SERIALIZE.find((each) => each === value) ?? 'none')}
                >
                  {SERIALIZE.map((value) => (
                    <Menu.RadioItem
                      key={value}
                      value={value}
                      disabled={needs !== null}
                      rightSection={<Note>{note}</Note>}
                    >
                      {t(`options.serialize-${value}`)}
                    </Menu.RadioItem>
                  ))}
                </Menu.RadioGroup>
              );
            }
            return (
              <Menu.CheckboxItem
                key={option}
                checked={options[option] && needs === null}
                disabled={needs !== null}
                rightSection={<Note>{note}</Note>}
                onChange={() => toggleOption(option)}
              >
                {t(`options.${option}`)}
              </Menu.CheckboxItem>
            );
          })}
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  );
}

const Note = ({ children }: { readonly children: ReactNode }) => <span className={classes.note}>{children}</span>;
