using System.CommandLine;

namespace Kilde.Host.Commands;

/// <summary>
/// Every command of <c>kilde</c>. Exit codes: 0 done, 1 done and something is wrong with what was given (findings, a
/// refusal, a broken chain), 2 the call or the settings are wrong, 3 a failure of ours.
/// </summary>
public static class CommandLine
{
    public static RootCommand Create() => new(
        """
        Kilde: one open platform for Norway's health registers KPR and NPR.

        Examples:
          kilde up                                                    start everything, with synthetic data
          kilde synthesize --type HST_Konsultasjon --out message.json
          kilde validate message.json --type HST_Konsultasjon
          kilde send message.json --type HST_Konsultasjon
        """)
    {
    };
}
