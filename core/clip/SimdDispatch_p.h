#pragma once

namespace semascope::core::clip::simd {

/// Vector extensions that a kernel is compiled for. Body is a struct with `static void run(const Task&)`, always
/// inline; the widest version that the processor has is called.
enum class Width { Plain, Avx2, Avx512 };
Width widest() noexcept;

template<class Body, class Task> void runPlain(const Task& task)
{
    Body::run(task);
}
#ifdef __x86_64__
template<class Body, class Task> __attribute__((target("avx2,fma"))) void runAvx2(const Task& task)
{
    Body::run(task);
}
template<class Body, class Task>
__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))) void runAvx512(const Task& task)
{
    Body::run(task);
}
#endif

template<class Body, class Task> void dispatch(const Task& task)
{
#ifdef __x86_64__
    if (widest() == Width::Avx512) {
        runAvx512<Body>(task);
        return;
    }
    if (widest() == Width::Avx2) {
        runAvx2<Body>(task);
        return;
    }
#endif
    runPlain<Body>(task);
}

} // namespace semascope::core::clip::simd
