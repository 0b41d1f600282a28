import rule from '../../src/rules/no-unguarded-route-handler.ts'
import { runNextCases } from './next-cases.ts'

runNextCases('no-unguarded-route-handler', rule, ['route-handler'], 'server-action')
