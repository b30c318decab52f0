module racelab/loop

go 1.19
