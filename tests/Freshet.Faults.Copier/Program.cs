using System.Globalization;
using Freshet.Faults.Copier;

// ADDRESS PARTITIONS TOTAL SEED; started by the fault tests, which kill it.
new CopyingClient(
    args[0], int.Parse(args[1], CultureInfo.InvariantCulture), long.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture)).Run();
