#pragma once
#include <omp.h>

namespace semascope::core {

/// While it lives, this thread's matrix products use one thread. Small products in thousands gain nothing from more,
/// lose much when other work wants the cores, and would depend on the number of cores in their last digits.
class OneThread
{
public:
    OneThread() : m_before(omp_get_max_threads()) { omp_set_num_threads(1); }
    ~OneThread() { omp_set_num_threads(m_before); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    int m_before;
};

} // namespace semascope::core
