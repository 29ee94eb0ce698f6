using System.Text;
using Npgsql;

namespace Kilde.Platform.Telemetry;

/// <summary>
/// What is told of a fault that came from the database: kinds, codes, tables, constraints and where in the code. Never
/// PostgreSQL's own words, nor those of an exception around them: they may quote a value.
/// </summary>
public sealed class QuietException : Exception
{
    private readonly string _told;

    private QuietException(Exception fault)
        : base(Summary(fault)) => _told = Whole(fault);

    /// <summary>The exception itself, or what may be told of it when PostgreSQL has a part in it.</summary>
    public static Exception Of(Exception exception) =>
        exception is not QuietException && HoldsWords(exception) ? new QuietException(exception) : exception;

    public override string ToString() => _told;

    private static bool HoldsWords(Exception? exception) => exception switch
    {
        null => false,
        PostgresException => true,
        AggregateException several => several.InnerExceptions.Any(HoldsWords),
        _ => HoldsWords(exception.InnerException),
    };

    private static string Summary(Exception fault) => fault switch
    {
        PostgresException postgres => Told(postgres),
        AggregateException several => string.Join("; ", several.InnerExceptions.Select(Summary)),
        { InnerException: { } inner } => $"{fault.GetType().Name}: {Summary(inner)}",
        _ => fault.GetType().Name,
    };

    private static string Told(PostgresException fault)
    {
        var told = new StringBuilder(nameof(PostgresException)).Append(' ').Append(fault.SqlState);
        if (fault.TableName is { } table) told.Append(", table ").Append(fault.SchemaName).Append('.').Append(table);
        if (fault.ConstraintName is { } constraint) told.Append(", constraint ").Append(constraint);
        return told.ToString();
    }

    private static string Whole(Exception fault)
    {
        var told = new StringBuilder();
        Append(fault);
        return told.ToString();

        void Append(Exception exception)
        {
            told.AppendLine(exception is PostgresException postgres ? Told(postgres) : exception.GetType().FullName);
            told.AppendLine(exception.StackTrace);
            if (exception is AggregateException several)
                foreach (var one in several.InnerExceptions) Append(one);
            else if (exception.InnerException is { } inner) Append(inner);
        }
    }
}
