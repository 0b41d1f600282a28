import type { Inventory } from '../model/inventory.ts'

export function renderJson(inventory: Inventory): string {
  return `${JSON.stringify(inventory, null, 2)}\n`
}
