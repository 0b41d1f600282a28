import rule from '../../src/rules/no-unguarded-page.ts'
import { runNextCases } from './next-cases.ts'

runNextCases('no-unguarded-page', rule, ['page', 'layout', 'metadata'], 'route-handler')
