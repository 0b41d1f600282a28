import rule from '../../src/rules/no-unguarded-server-action.ts'
import { runNextCases } from './next-cases.ts'

runNextCases('no-unguarded-server-action', rule, ['server-action'], 'route-handler')
