// Exists to compile the precompiled header that drill/CMakeLists.txt lists.
