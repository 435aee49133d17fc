import config.lib.tables
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('activities', '0001_initial'),
        ('liaison', '0001_initial'),
        ('members', '0001_initial'),
        ('organizations', '0001_initial'),
    ]

    operations = [
        config.lib.tables.CreateModels(
            models=[
                migrations.CreateModel(
                    name='Export',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                        ('kind', models.CharField(choices=[('monthly', '月报'), ('roster', '花名册'), ('dues', '党费月报'), ('leads', '“双带”台账')], max_length=40, verbose_name='种类')),
                        ('title', models.CharField(max_length=120, verbose_name='名称')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exports', to='organizations.organization', verbose_name='范围')),
                        ('filters', models.JSONField(default=dict, verbose_name='条件')),
                        ('purpose', models.CharField(blank=True, default='', max_length=200, verbose_name='用途')),
                        ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exports', to=settings.AUTH_USER_MODEL, verbose_name='导出人')),
                        ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='exports', to='organizations.job', verbose_name='任务')),
                        ('row_count', models.PositiveIntegerField(default=0, verbose_name='行数')),
                        ('sha256', models.CharField(blank=True, default='', max_length=64, verbose_name='散列')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='导出时间')),
                        ('expires_at', models.DateTimeField(null=True, verbose_name='失效时间')),
                    ],
                    options={
                        'verbose_name': '导出登记',
                        'verbose_name_plural': '导出登记',
                        'ordering': ['-created_at'],
                    },
                ),
                migrations.CreateModel(
                    name='MonthSummary',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='summaries', to='organizations.organization', verbose_name='党组织')),
                        ('month', models.DateField(help_text='当月一日', verbose_name='月份')),
                        ('own', models.JSONField(verbose_name='本级数值')),
                        ('values', models.JSONField(verbose_name='含下级数值')),
                        ('computed_at', models.DateTimeField(verbose_name='计算时间')),
                    ],
                    options={
                        'verbose_name': '月度汇总',
                        'verbose_name_plural': '月度汇总',
                        'constraints': [models.UniqueConstraint(fields=('organization', 'month'), name='reports_monthsummary_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SummaryMark',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='organizations.organization')),
                        ('month', models.DateField()),
                    ],
                    options={
                        'verbose_name': '待重算标记',
                        'verbose_name_plural': '待重算标记',
                        'indexes': [models.Index(fields=['month', 'organization'], name='reports_summarymark_node')],
                    },
                ),
                migrations.CreateModel(
                    name='MonthClosing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='organizations.organization', verbose_name='党组织')),
                        ('month', models.DateField(verbose_name='月份')),
                        ('content', models.JSONField(verbose_name='内容')),
                        ('content_sha256', models.CharField(max_length=64, verbose_name='散列')),
                        ('closed_at', models.DateTimeField(verbose_name='月结时间')),
                        ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='月结人')),
                    ],
                    options={
                        'verbose_name': '月结',
                        'verbose_name_plural': '月结',
                        'ordering': ['-month', 'organization'],
                        'constraints': [models.UniqueConstraint(fields=('organization', 'month'), name='reports_monthclosing_once')],
                    },
                ),
            ],
        ),
    ]
