/*
 * The range of range.ts for SPIN: the same tasks, the same steps, each step one atomic block.
 *
 *   -DMEDIUM the medium size   -DUNCHECKED or -DBOOLEAN a planted defect
 */
#ifdef MEDIUM
#define PAGES 2
#define FRAMES 7
#else
#define PAGES 1
#define FRAMES 3
#endif

#ifdef UNCHECKED
#define ACCEPTS true
#else
#ifdef BOOLEAN
#define ACCEPTS valid
#else
#define ACCEPTS (valid && sequence == seen)
#endif
#endif

byte notifiers, sequence, frames = PAGES
bool valid = true, locked
byte pte[PAGES], device[PAGES]
bool freed[FRAMES]

inline fault(page) {
  do
  :: atomic { valid -> seen = sequence }
     atomic {
       if
       :: pte[page] == 0 -> frames++; pte[page] = frames
       :: else
       fi;
       frame = pte[page]
     }
     atomic { !locked -> locked = true }
     accepted = ACCEPTS;
     if
     :: atomic { accepted -> device[page] = frame; assert(!freed[frame]) }
        atomic { locked = false; seen = 0; frame = 0; accepted = false }
        break
     :: atomic { !accepted -> locked = false; seen = 0; frame = 0 }
     fi
  od
}

inline invalidate(page) {
  atomic { notifiers++; valid = false; sequence++ }
  atomic { !locked -> locked = true }
  device[page] = 0;
  locked = false;
  atomic { frame = pte[page]; pte[page] = 0 }
  atomic {
    if
    :: frame != 0 -> freed[frame] = true; assert(device[page] != frame)
    :: else
    fi;
    frame = 0
  }
  atomic {
    notifiers--;
    if
    :: notifiers == 0 -> valid = true
    :: else
    fi
  }
}

#ifdef MEDIUM
proctype faulter(byte first; byte second) {
  byte seen, frame;
  bool accepted;
  fault(first);
  fault(second)
}

proctype invalidator(byte first; byte second) {
  byte frame;
  invalidate(first);
  invalidate(second)
}

init {
  atomic {
    pte[0] = 1; pte[1] = 2;
    run faulter(0, 1); run faulter(1, 0);
    run invalidator(0, 1); run invalidator(1, 0)
  }
}
#else
proctype faulter() {
  byte seen, frame;
  bool accepted;
  fault(0);
  fault(0)
}

proctype invalidator() {
  byte frame;
  invalidate(0)
}

init {
  atomic {
    pte[0] = 1;
    run faulter(); run invalidator()
  }
}
#endif
