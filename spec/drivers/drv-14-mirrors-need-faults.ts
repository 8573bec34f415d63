import { contract } from '../contract'
import { gpuJobs } from '../facts/gpu-jobs'

/** What a mirror promises to take away at once, such a GPU cannot give up at once. */
export const mirrorsNeedFaults = contract({
  id: 'DRV-14',
  level: 'SHOULD',
  binds: 'driver',
  says: 'what hmm_range_fault has found is given to devices that can fault',
  cites: ['002:3659-3661', '002:3943-3944'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { gpuJobs },
  /** Tasks that have mirrored in the operation that they are in, and devices that were given what they found. */
  start: () => ({ mirroring: new Set<number>(), mirrored: new Map<string, string>() }),
  on: {
    operation: ({ mirroring }, { task }) => void mirroring.delete(task),
    'hmm_range_fault.return': ({ mirroring }, { task, result }) => {
      if (result > 0) mirroring.add(task)
    },
    device_pte_set: ({ mirroring, mirrored }, { task, device, name }, { gpuJobs }, tell) => {
      if (!mirroring.has(task)) return
      mirrored.set(device, name)
      if (!gpuJobs.devices.has(device)) tell.exercise('a device that can fault')
    },
    gpu_submit: ({ mirrored }, { job, device }, _known, tell) => {
      const name = mirrored.get(device)
      if (name !== undefined)
        tell.object(`${job} is for ${name}, which cannot fault and was given what HMM has found`)
    },
  },
})
