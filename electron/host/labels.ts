import english from '../../resources/translations/en/host.json';
import chinese from '../../resources/translations/zh-CN/host.json';

/** What the application menu and the host's own dialogs say. */
export type HostLabels = typeof english;

export const labelsOf = (language: 'en' | 'zh-CN'): HostLabels => (language === 'zh-CN' ? chinese : english);
