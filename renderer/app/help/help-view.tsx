import { TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import i18next from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keymapOf, keysInForce, shortcutText } from '../../../shared/model/keymap';
import { TAB_ACTION_CATALOGUE } from '../../../shared/model/tab-actions';
import { useTabTitle } from '../../ui/workbench';
import { runCommand } from '../commands';
import { isMac } from '../../ui/platform';
import { useShell } from '../store';
import classes from './help-view.module.css';
import { HELP_TOPICS, isHelpTopic, type HelpTopic } from './topics';

interface Section {
  readonly heading: string;
  readonly text: readonly string[];
}

/** The help pages: contents and search at the left, the page at the right. */
export function HelpView({ topic }: { readonly topic: string }) {
  const { t } = useTranslation('app');
  const [search, setSearch] = useState('');
  const current: HelpTopic = isHelpTopic(topic) ? topic : 'getting-started';
  useTabTitle(t('tabs.help'));

  const sections = (of: HelpTopic) => t(`help.topics.${of}.sections`, { returnObjects: true }) as readonly Section[];
  const words = search.trim().toLowerCase();
  const holds = (of: HelpTopic) =>
    [t(`help.topics.${of}.title`), t(`help.topics.${of}.lead`), ...sections(of).flatMap((s) => [s.heading, ...s.text])]
      .join(' ')
      .toLowerCase()
      .includes(words);
  const found = HELP_TOPICS.filter((each) => words === '' || holds(each));

  return (
    <div className={classes.help}>
      <nav className={classes.contents} aria-label={t('help.contents')}>
        <TextInput
          aria-label={t('help.search')}
          placeholder={t('help.search')}
          leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        {found.length === 0 ? <p className={classes.quiet}>{t('help.nothing')}</p> : null}
        {found.map((each) => (
          <UnstyledButton
            key={each}
            className={classes.entry ?? ''}
            aria-current={each === current ? 'page' : undefined}
            onClick={() => runCommand({ do: 'show-help', topic: each })}
          >
            {t(`help.topics.${each}.title`)}
          </UnstyledButton>
        ))}
      </nav>
      <article className={classes.page}>
        <h1>{t(`help.topics.${current}.title`)}</h1>
        <p className={classes.lead}>{t(`help.topics.${current}.lead`)}</p>
        {sections(current).map((section) => (
          <section key={section.heading} className={classes.section}>
            <h2>{section.heading}</h2>
            {section.text.map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </section>
        ))}
        {current === 'keyboard' ? <Keys /> : null}
      </article>
    </div>
  );
}

function Keys() {
  const { t } = useTranslation('app');
  const choices = useShell((state) => state.settings.shortcuts);
  return (
    <table className={classes.keys}>
      <thead>
        <tr>
          <th scope="col">{t('help.keys')}</th>
          <th scope="col">{t('help.does')}</th>
        </tr>
      </thead>
      <tbody>
        {keymapOf(choices).map(({ keys, action }) => (
          <tr key={keys}>
            <td>
              <kbd>{shortcutText(keys, isMac)}</kbd>
            </td>
            <td>{t(`commands.${action}`)}</td>
          </tr>
        ))}
        {Object.entries(TAB_ACTION_CATALOGUE).map(([id, { label }]) => {
          const keys = keysInForce(id, undefined, choices);
          return keys.length === 0 ? null : (
            <tr key={id}>
              <td>
                {keys.map((own) => (
                  <kbd key={own}>{shortcutText(own, isMac)}</kbd>
                ))}
              </td>
              <td>{i18next.t(label)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
