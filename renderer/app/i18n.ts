import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Settings } from '../../shared/model/settings';

export type Language = 'en' | 'zh-CN';

const NAMESPACES = [
  'app',
  'servers',
  'catalog',
  'objects',
  'forms',
  'forms-table',
  'forms-code',
  'compare',
  'diagram',
  'query',
  'query-editor',
  'results',
  'data',
  'explain',
  'export',
  'library',
  'dashboard',
  'terminal',
  'transfer',
  'instances',
  'networks',
  'accounts',
  'migration',
  'tasks',
  'settings',
  // What the control plane says, for languages other than English.
  'control-plane/findings',
] as const;

const TEXTS = {
  en: async () => (await import('./texts-en')).texts,
  'zh-CN': async () => (await import('./texts-zh')).texts,
};

/** Reads all of one language once; only the languages that are used are loaded. */
async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'app')) return;
  const texts = await TEXTS[language]();
  for (const namespace of NAMESPACES) {
    const read = texts[`../../resources/translations/${language}/${namespace}.json`];
    if (read !== undefined) i18next.addResourceBundle(language, namespace, read);
  }
}

/** The language a setting means on this machine: `system` follows the operating system's language tag. */
export function languageOf(setting: Settings['language'], systemLocale: string): Language {
  if (setting !== 'system') return setting;
  return systemLocale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export async function startTranslations(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    ns: NAMESPACES,
    defaultNS: 'app',
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  await Promise.all([load('en'), load(language)]);
  await switchLanguage(language);
}

export async function switchLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
