using System.CommandLine;
using Kilde.Host.Commands;

// Ctrl-C lets what runs finish: a server answers what it has taken in, and databases stop in order.
var patience = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) };
return await CommandLine.Create().Parse(args).InvokeAsync(patience);
