import { contract } from '../contract'
import { gpuJobs } from '../facts/gpu-jobs'

/** An address that an engine cannot translate is an error unless it can fault. */
export const notEveryEngineCanFault = contract({
  id: 'DEV-04',
  binds: 'driver',
  says: 'an engine that cannot fault finds a translation for every page of its job',
  cites: ['002:3859-3863'],
  minimum: { exercised: 50, witnesses: 1 },
  uses: { gpuJobs },
  on: {
    gpu_unhandled_fault: (_state, { name, page }, _known, tell) =>
      tell.object(`${name}, which cannot fault, finds no translation for page ${page}`),
    device_access: (_state, { device }, { gpuJobs }, tell) => {
      if (gpuJobs.devices.has(device)) tell.exercise('found')
    },
  },
})
