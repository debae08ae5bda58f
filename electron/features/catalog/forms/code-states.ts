import { aggregateState } from './code/aggregate-states';
import { collationState, statisticsState } from './code/collation-states';
import { eventTriggerState, languageState, mappingState, serverState, wrapperState } from './code/foreign-states';
import { functionState } from './code/function-states';
import { accessMethodState, castState, conversionState, operatorState, transformState } from './code/operator-states';
import { configurationState, dictionaryState, parserState, templateState } from './code/text-search-states';
import { domainState, typeState } from './code/type-states';
import type { StateReaders } from './state-reader';

export const CODE_STATES: StateReaders = {
  function: functionState,
  procedure: functionState,
  'trigger-function': functionState,
  aggregate: aggregateState,
  type: typeState,
  domain: domainState,
  collation: collationState,
  conversion: conversionState,
  operator: operatorState,
  cast: castState,
  transform: transformState,
  'access-method': accessMethodState,
  'text-search-configuration': configurationState,
  'text-search-dictionary': dictionaryState,
  'text-search-parser': parserState,
  'text-search-template': templateState,
  'statistics-object': statisticsState,
  'event-trigger': eventTriggerState,
  'foreign-data-wrapper': wrapperState,
  'foreign-server': serverState,
  'user-mapping': mappingState,
  language: languageState,
};
