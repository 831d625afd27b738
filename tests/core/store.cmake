semascope_test(test_store core FILES core/TestStore.cpp)
semascope_test(test_store_damage core FILES core/TestStoreDamage.cpp)
semascope_test(test_store_kill core FILES core/TestStoreKill.cpp)
semascope_test(test_store_disk core FILES core/TestStoreDisk.cpp)
